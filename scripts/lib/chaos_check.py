"""The rules that a history of scripts/chaos must keep. Reads nothing but the history."""
import json
from collections import Counter

# A worker that was stopped or cut off goes on with what it holds until somebody tells it otherwise; what it runs then changes nothing.
# Somebody tells it soon after it is back, and after heads and store are.
EXCUSED_NS, NEVER_NS = 6_000_000_000, 15_000_000_000


def broken_rules(path):
    """The sentences of the rules that are broken, and one line about what was seen."""
    with open(path) as file:
        lines = [json.loads(line) for line in file]
    of = lambda kind: [line for line in lines if line["kind"] == kind]
    acknowledged = {line["uid"]: line for line in of("acknowledged")}
    ended = {line["uid"]: line for line in of("ended")}
    remembered = {line["uid"]: line for line in of("remembered")}
    calm = next((line["hash"] for line in of("calm")), None)
    broken = [f"the run did not come to its end: {line['sentence']}" for line in of("failure")]
    if not acknowledged:
        broken.append("no job was acknowledged, so nothing was tried")
    for uid, line in acknowledged.items():
        found = remembered.get(uid)
        if not found or found["id"] is None:
            broken.append(f"I1: job {uid} was acknowledged as {line['id']}, and nobody remembers it")
            continue
        if found["id"] != line["id"]:
            broken.append(f"I2: job {uid} is {line['id']} and {found['id']}")
        broken += job_rules(uid, found, ended.get(uid), calm)
    ends = {line["id"]: line for line in ended.values()}
    late = 0
    for line in of("ran"):
        end = ends.get(line["id"])
        if not end or line["ran_ns"] <= end["seen_ns"]:
            continue
        late += 1
        after = line["ran_ns"] - end["seen_ns"]
        if after > NEVER_NS or not is_excused(line, lines):
            broken.append(f"I4: task {line['id']}/{line['task']} was run on worker {line['worker']} {after / 1e9:.3f} s after its job was seen to end")
    runs = Counter((line["id"], line["task"]) for line in of("ran"))
    faults = len(of("fault"))
    drained = next((line["seconds"] for line in of("drained")), None)
    summary = f"{len(acknowledged)} jobs acknowledged of {len(of('submit'))} submitted, {sum(len(line['tasks']) for line in remembered.values())} tasks; {faults} faults; commands run {sum(runs.values())} times for {len(runs)} tasks, {late} of them late on a worker that had been away; all ended {drained} s after everything healed"
    return broken, summary


def is_excused(run, lines):
    """Whether the worker, or a head or the store, was in trouble when it ran this, or had been until shortly before."""
    begun = {}
    for line in lines:
        if line["kind"] == "fault":
            begun[line["fault"]] = line
        if line["kind"] != "healed" or line["worker"] not in (None, run["worker"]):
            continue
        if begun[line["fault"]]["at_ns"] <= run["ran_ns"] <= line["at_ns"] + EXCUSED_NS:
            return True
    return False


def job_rules(uid, found, end, calm):
    broken = []
    if end is None:
        return [f"I21: job {uid} never ended"]
    if end["state"] != "succeeded":
        broken.append(f"job {uid} {end['state']}: {end['error']}")
    if found["state"] != end["state"]:
        broken.append(f"I9: job {uid} was seen to have {end['state']}, and is {found['state']}")
    indices = [task[0] for task in found["tasks"]]
    if indices != list(range(len(indices))):
        broken.append(f"I3/I4: job {uid} has results of the tasks {indices}")
    expected = (end["result"] or {}).get("tasks")
    if expected is not None and expected != len(indices):
        broken.append(f"I3: job {uid} has {expected} tasks, and {len(indices)} results")
    if end["job"] == "study" and end["state"] == "succeeded" and end["result"].get("resultHash") != calm:
        broken.append(f"I15: study {uid} came to {end['result'].get('resultHash')}, and undisturbed to {calm}")
    return broken
