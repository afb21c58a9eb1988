#!/usr/bin/env python3
"""Checks that what the documents name is there: scripts, files and folders in backquotes or code blocks, targets of links.

Run by scripts/check as `readme.py ROOT`. Says nothing when all is well; one line for each name that leads nowhere.
"""
import re
import sys
from pathlib import Path

FOLDERS = ("scripts", "jobs", "cluster", "k8s", "Sources", "Tests", r"\.ci")
NAMED = re.compile(r"(?<![\w./:-])((?:%s)/[\w./*+-]*)" % "|".join(FOLDERS))
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def main(root):
    documents = [root / "README.md", *sorted(root.glob("k8s/*.md"))]
    wrong = False
    for document in documents:
        if not document.exists():
            print(f"{document.relative_to(root)}: missing")
            wrong = True
            continue
        for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
            names = {(root, name.rstrip(".")) for name in NAMED.findall(line)}
            names |= {(document.parent, name) for name in LINK.findall(line) if "://" not in name}
            for base, name in sorted(names):
                found = sorted(base.glob(name)) if "*" in name else [base / name]
                if not found or not all(path.exists() for path in found):
                    print(f"{document.relative_to(root)}:{number}: {name} is not there")
                    wrong = True
                elif name.startswith("scripts/") and found[0].is_file() and found[0].parent.name == "scripts":
                    if not found[0].stat().st_mode & 0o100:
                        print(f"{document.relative_to(root)}:{number}: {name} is not executable")
                        wrong = True
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
