#!/usr/bin/env python3
"""Checks what the Kubernetes schemas cannot: that the manifests fit each other, and their settings those in cluster/.

Run by scripts/check as `manifests.py ROOT`, with a Python that has PyYAML. Says nothing when all is well.
"""
import re
import sys
from pathlib import Path

import yaml

SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|REGISTRY")
# `key: value`, commented out or not.
SETTING = re.compile(r"^\s*(?:# )?([a-z]\w*):(?:\s|$)", re.M)
# Made by the operator, not kept here; k8s/README.md says how.
SECRETS = {"bellwether-postgres": {"password", "registry"}}


def keys_of(settings):
    for key, value in (settings or {}).items():
        yield key
        if isinstance(value, dict):
            yield from keys_of(value)


def matches(selector, labels):
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    return all(
        expression["operator"] == "In" and labels.get(expression["key"]) in expression["values"]
        for expression in selector.get("matchExpressions") or []
    )


def pod_wrongs(name, pod, volumes, named):
    """What is wrong with one pod template; `named` is what the manifests define, by kind."""
    spec = pod["spec"]
    context = spec.get("securityContext", {})
    if not context.get("runAsNonRoot") or context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield f"{name}: the pod is not held to runAsNonRoot and seccomp RuntimeDefault"
    if spec.get("enableServiceLinks", True) or spec.get("automountServiceAccountToken", True):
        yield f"{name}: enableServiceLinks and automountServiceAccountToken must be false"
    if "terminationGracePeriodSeconds" not in spec:
        yield f"{name}: no terminationGracePeriodSeconds"
    for volume in spec.get("volumes", []):
        volumes = volumes | {volume["name"]}
        if "configMap" in volume and volume["configMap"]["name"] not in named["ConfigMap"]:
            yield f"{name}: no ConfigMap {volume['configMap']['name']}"
        claim = volume.get("persistentVolumeClaim")
        if claim and claim["claimName"] not in named["PersistentVolumeClaim"]:
            yield f"{name}: no PersistentVolumeClaim {claim['claimName']}"
    for container in spec["containers"]:
        place = f"{name}, container {container['name']}"
        own = container.get("securityContext", {})
        if (
            own.get("allowPrivilegeEscalation", True)
            or not own.get("readOnlyRootFilesystem")
            or "ALL" not in own.get("capabilities", {}).get("drop", [])
        ):
            yield f"{place}: may do more than it needs (privileges, root file system or capabilities)"
        if "livenessProbe" not in container:
            yield f"{place}: no livenessProbe"
        for part in ("requests", "limits"):
            if not {"cpu", "memory"} <= set(container.get("resources", {}).get(part, {})):
                yield f"{place}: no {part} of cpu and memory"
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"{place}: no volume {mount['name']}"
        for variable in container.get("env", []):
            if SECRET_NAME.search(variable["name"]) and "value" in variable:
                yield f"{place}: {variable['name']} is written out instead of referring to a secret"
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            if reference and reference["key"] not in SECRETS.get(reference["name"], ()):
                yield f"{place}: k8s/README.md makes no secret {reference['name']} with the key {reference['key']}"


def wrongs(root):
    documents = []
    for path in sorted((root / "k8s").glob("*.yaml")):
        documents += [(path.name, document) for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) if document]
    named = {}
    for place, document in documents:
        kind, metadata = document["kind"], document["metadata"]
        if metadata["name"] in named.setdefault(kind, {}):
            yield f"{place}: a second {kind} {metadata['name']}"
        named[kind][metadata["name"]] = document
        if kind == "Secret":
            yield f"{place}: secrets are made by the operator, not kept here"
        if kind != "Namespace" and metadata.get("namespace") not in named.get("Namespace", {}):
            yield f"{place}: {kind} {metadata['name']} is in no namespace that is made here"

    pods = {}
    for kind in ("Deployment", "StatefulSet"):
        for name, document in named.get(kind, {}).items():
            spec = document["spec"]
            pods[name] = spec["template"]
            if not matches(spec["selector"], spec["template"]["metadata"]["labels"]):
                yield f"{kind} {name}: its selector does not match its pods"
            if kind == "StatefulSet" and spec["serviceName"] not in named["Service"]:
                yield f"{kind} {name}: no Service {spec['serviceName']}"
            claims = {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", [])}
            yield from pod_wrongs(f"{kind} {name}", spec["template"], claims, named)

    for name, service in named.get("Service", {}).items():
        behind = [pod for pod in pods.values() if matches({"matchLabels": service["spec"]["selector"]}, pod["metadata"]["labels"])]
        if len(behind) != 1:
            yield f"Service {name}: {len(behind)} kinds of pods behind it"
        ports = {port["name"] for pod in behind for container in pod["spec"]["containers"] for port in container.get("ports", [])}
        for port in service["spec"]["ports"]:
            if isinstance(port["targetPort"], str) and port["targetPort"] not in ports:
                yield f"Service {name}: no container port is called {port['targetPort']}"
    for kind in ("NetworkPolicy", "PodDisruptionBudget"):
        for name, document in named.get(kind, {}).items():
            selector = document["spec"].get("podSelector", document["spec"].get("selector"))
            if not any(matches(selector, pod["metadata"]["labels"]) for pod in pods.values()):
                yield f"{kind} {name}: selects no pods"

    for name, document in named.get("ConfigMap", {}).items():
        for file, text in document["data"].items():
            if not file.endswith(".yaml"):
                continue
            explained = set(SETTING.findall((root / "cluster" / file).read_text(encoding="utf-8")))
            for key in keys_of(yaml.safe_load(text)):
                if key not in explained:
                    yield f"ConfigMap {name}: cluster/{file} does not explain {key}"


if __name__ == "__main__":
    found = list(wrongs(Path(sys.argv[1])))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
