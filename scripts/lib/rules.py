#!/usr/bin/env python3
"""The rules of the house that can be read from the sources: walls, forbidden calls, marks, sizes.

Run by scripts/check as `rules.py ROOT PACKAGE.json`, the second being what `swift package dump-package` printed. Prints
`ok RULE` or `FAIL RULE` with one line for each place; ends with 1 when a rule is broken.
"""
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

PLATFORM = {
    "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Observation", "Synchronization", "Swift",
    "_Concurrency",
}
PURE = ["Backtest", "Learning", "MarketData", "Scheduling", "Search", "Statistics"]
LONGEST_FILE = 400

CLOCKS_AND_CHANCE = re.compile(
    r"\bDate\(\)|\bDate\.now\b|\bUUID\(\)|\.random\(|\bSystemRandomNumberGenerator\b|\.shuffled\(\)|\.shuffle\(\)|\.randomElement\(\)"
    r"|\b(Continuous|Suspending)Clock\b|\bDispatchTime\b|\bclock_gettime\b|\bgettimeofday\b|\bmach_absolute_time\b|\btime\(nil\)"
    r"|\bCFAbsoluteTimeGetCurrent\b|\bsystemUptime\b|\b(arc4|s|d)?rand(om|48)?\(\)|\barc4random\w*\(|\bgetrandom\(|\bHasher\(\)|\.hashValue\b"
)
TRAPS = re.compile(r"\bfatalError\(|\btry!|\bas!")
MARKS = re.compile(r"\b(TODO|FIXME|XXX)\b|\bPlaceholder\b")
SHELLS = re.compile(r"(?<![\w.])(system|popen|wordexp)\(|/bin/(ba|da|z)?sh\b|/usr/bin/env\b")
UNCHECKED = re.compile(r"@unchecked\s+Sendable|\bnonisolated\(unsafe\)")
NOT_RUN = re.compile(r"\.disabled\b|\bXCTSkip|\bwithKnownIssue\b")
SLEEPS = re.compile(r"\bTask\.sleep\b|(?<![.\w])u?sleep\(|\bnanosleep\(|\bThread\.sleep\b")
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?([A-Za-z_]\w*)",
    re.M,
)


def masked(text, strings):
    """`text` with comments as blanks, and string literals (but not what is interpolated) too when `strings` is set; lines keep
    their numbers."""
    out, at, end = [], 0, len(text)

    def blank(upto):
        nonlocal at
        out.append(re.sub(r"[^\n]", " ", text[at:upto]))
        at = upto

    def copy(upto):
        nonlocal at
        out.append(text[at:upto])
        at = upto

    opening = re.compile(r'//|/\*|(#*)("""|")')
    while at < end:
        match = opening.search(text, at)
        if not match:
            copy(end)
            break
        copy(match.start())
        if match.group() == "//":
            newline = text.find("\n", at)
            blank(end if newline < 0 else newline)
        elif match.group() == "/*":
            depth, cursor = 1, at + 2
            while depth and cursor < end:
                inner = re.compile(r"/\*|\*/").search(text, cursor)
                if not inner:
                    cursor = end
                    break
                depth += 1 if inner.group() == "/*" else -1
                cursor = inner.end()
            blank(cursor)
        else:
            hashes, quote = match.groups()
            closing, escape, cursor = quote + hashes, "\\" + hashes, match.end()
            while cursor < end and not text.startswith(closing, cursor):
                if text.startswith(escape + "(", cursor):
                    # An interpolation is code: kept as it is, up to its closing parenthesis.
                    (blank if strings else copy)(cursor)
                    depth, cursor = 1, cursor + len(escape) + 1
                    while depth and cursor < end:
                        if text[cursor] == '"':
                            inner = text.find('"', cursor + 1)
                            cursor = end if inner < 0 else inner
                        depth += {"(": 1, ")": -1}.get(text[cursor : cursor + 1], 0)
                        cursor += 1
                    copy(min(cursor, end))
                elif text.startswith(escape, cursor):
                    cursor += len(escape) + 1
                elif quote == '"' and text[cursor] == "\n":
                    break
                else:
                    cursor += 1
            (blank if strings else copy)(min(cursor + len(closing), end))
    return "".join(out)


class Source:
    def __init__(self, root, path):
        self.name = str(path.relative_to(root))
        self.parts = path.relative_to(root).parts
        self.target = self.parts[1]
        self.generated = "Generated" in self.parts
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.split("\n")
        self.without_comments = masked(self.text, strings=False).split("\n")
        self.code = masked(self.text, strings=True).split("\n")

    def places(self, pattern, lines):
        for number, line in enumerate(lines, 1):
            if pattern.search(line):
                yield f"{self.name}:{number}: {self.lines[number - 1].strip()}"

    def imports(self):
        for number, line in enumerate(self.code, 1):
            match = IMPORT.match(line)
            if match:
                yield number, match.group(1)


def read_walls(path):
    allowed, never, pure = {}, defaultdict(set), set()
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        head, modules = line.split(":", 1)
        if head.startswith("never "):
            never[head.removeprefix("never ")] |= set(modules.split())
        else:
            allowed[head] = set(modules.split())
            if "pure" in allowed[head]:
                allowed[head].remove("pure")
                pure.add(head)
    return allowed, never, pure


def read_manifest(path, root):
    """Target to the modules it is given, and the targets that are C libraries."""
    given, c_libraries, tests = {}, set(), set()
    for target in json.loads(path.read_text(encoding="utf-8"))["targets"]:
        names = set()
        for dependency in target["dependencies"]:
            for kind in ("byName", "target", "product"):
                if kind in dependency:
                    names.add(dependency[kind][0])
        given[target["name"]] = names
        # A library of the system, or C of our own.
        if target["type"] == "system" or (root / "Sources" / target["name"] / "include").is_dir():
            c_libraries.add(target["name"])
        if target["type"] == "test" or (target.get("path") or "").startswith("Tests/"):
            tests.add(target["name"])
    return given, c_libraries, tests


def reach(target, given):
    """Everything `target` depends on, with the way there."""
    ways, queue = {target: [target]}, [target]
    while queue:
        here = queue.pop(0)
        for there in sorted(given.get(here, ())):
            if there not in ways:
                ways[there] = ways[here] + [there]
                queue.append(there)
    del ways[target]
    return ways


def main(root, package):
    sources = [Source(root, path) for path in sorted((root / "Sources").rglob("*.swift"))]
    tests = [Source(root, path) for path in sorted((root / "Tests").rglob("*.swift"))]
    ours = [source for source in sources if not source.generated]
    allowed, never, pure = read_walls(Path(__file__).with_name("walls.txt"))
    given, c_libraries, test_targets = read_manifest(package, root)
    broken = False

    def rule(name, places):
        nonlocal broken
        places = list(places)
        print(f"{'FAIL' if places else 'ok  '} {name}")
        for place in places:
            print(f"     {place}")
        broken = broken or bool(places)

    def manifest_walls():
        for target in sorted(set(given) - c_libraries - test_targets):
            if target not in allowed:
                yield f"Package.swift: {target} is not in scripts/lib/walls.txt"
            for module in sorted(given[target] - allowed.get(target, set())):
                yield f"Package.swift: {target} depends on {module}, which scripts/lib/walls.txt does not allow"
        for target in sorted(set(allowed) - set(given)):
            yield f"scripts/lib/walls.txt: {target} is not a target of Package.swift"

    def import_walls():
        for source in sources:
            free = set() if source.target in pure else PLATFORM
            for number, module in source.imports():
                if module in free or module == source.target:
                    continue
                place = f"{source.name}:{number}: import {module}"
                if module not in allowed.get(source.target, set()):
                    yield f"{place}: {source.target} may not"
                elif module in given and module not in given[source.target]:
                    yield f"{place}: Package.swift does not give it to {source.target}"

    def closure_walls():
        for target in sorted(never):
            for module, way in sorted(reach(target, given).items()):
                if module in never[target]:
                    yield f"{target} must not reach {module}: {' -> '.join(way)}"

    def one_importer():
        importers = defaultdict(set)
        for source in sources + tests:
            for _, module in source.imports():
                if module in c_libraries:
                    importers[module].add(source.target)
        for module, targets in sorted(importers.items()):
            if len(targets) > 1:
                yield f"{module} is imported by {', '.join(sorted(targets))}"

    def reasons():
        for source in ours:
            for number, line in enumerate(source.code, 1):
                if UNCHECKED.search(line):
                    near = " ".join(source.lines[max(0, number - 4) : number]).lower()
                    if "because" not in near:
                        yield f"{source.name}:{number}: {source.lines[number - 1].strip()}"

    def long_files():
        for source in ours + tests:
            count = source.text.count("\n")
            if count > LONGEST_FILE:
                yield f"{source.name}: {count} lines"

    rule("walls: Package.swift gives no target more than it may have", manifest_walls())
    rule("walls: no import that a target may not have", import_walls())
    rule("walls: nothing forbidden is reached through others", closure_walls())
    rule("walls: one Swift importer for each C library", one_importer())
    rule(
        f"no clock, chance or hashing of its own in {', '.join(PURE)}",
        (place for source in ours if source.target in PURE for place in source.places(CLOCKS_AND_CHANCE, source.code)),
    )
    rule("no fatalError, try! or as! in Sources", (p for s in ours for p in s.places(TRAPS, s.code)))
    rule("no marks of unfinished work in Sources", (p for s in ours for p in s.places(MARKS, s.lines)))
    rule("no shell is called in Sources", (p for s in ours for p in s.places(SHELLS, s.without_comments)))
    rule("every unchecked concurrency says because of what it is safe", reasons())
    rule(f"no file over {LONGEST_FILE} lines", long_files())
    rule("no test is skipped", (p for s in tests for p in s.places(NOT_RUN, s.code)))
    rule(
        "no test sleeps (those with real processes may, while they poll)",
        (p for s in tests if s.target not in ("TestSupport", "IntegrationTests") for p in s.places(SLEEPS, s.code)),
    )
    return 1 if broken else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: rules.py ROOT PACKAGE.json")
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
