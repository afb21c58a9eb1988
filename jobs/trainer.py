"""Fits a logistic regression by stochastic gradient descent to points that it makes itself; the standard library is all it needs.

Run by the jobs command-*.yaml but command-c.yaml. It shows all that a command may do: read its parameters, report
metrics, progress and checkpoints, go on from the last checkpoint when it runs again, and leave an artifact.
"""
import json
import math
import os
import random

parameters = json.load(open(os.environ["BELLWETHER_PARAMETERS"]))
report = os.fdopen(int(os.environ["BELLWETHER_REPORT_FD"]), "w", buffering=1)
rate, penalty = parameters["rate"], parameters.get("penalty", 0.0)
# Under a pruner a run goes to the next rung only; the run after it goes on from the last checkpoint.
epochs = int(os.environ.get("BELLWETHER_STEPS", parameters["epochs"]))
decay = parameters.get("decay", 1.0)

chance = random.Random(parameters.get("seed", 7))
truth = [1.5, -2.0, 0.5]


def point():
    x = [chance.gauss(0, 1), chance.gauss(0, 1), 1.0]
    return x, 1 if chance.random() < probability(truth, x) else 0


def probability(weights, x):
    score = sum(w * v for w, v in zip(weights, x))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def loss(weights, points):
    likely = (probability(weights, x) if y else 1 - probability(weights, x) for x, y in points)
    return -sum(math.log(max(p, 1e-12)) for p in likely) / len(points)


train, test = [point() for _ in range(400)], [point() for _ in range(400)]
weights, first = [0.0] * 3, 0
if "BELLWETHER_CHECKPOINT" in os.environ:
    state = json.load(open(os.environ["BELLWETHER_CHECKPOINT"]))
    weights, first = state["weights"], state["epoch"]
    print(f"going on after epoch {first}")

for epoch in range(first, epochs):
    step = rate * decay**epoch
    for x, y in train:
        slope = probability(weights, x) - y
        weights = [w - step * (slope * v + penalty * w) for w, v in zip(weights, x)]
    line = {"metrics": {"loss": loss(weights, test)}, "step": epoch + 1, "progress": (epoch + 1) / epochs}
    if (epoch + 1) % 5 == 0 or epoch + 1 == epochs:
        with open(os.path.join(os.environ["BELLWETHER_CHECKPOINTS"], "state.json"), "w") as file:
            json.dump({"weights": weights, "epoch": epoch + 1}, file)
        line["checkpoint"] = "state.json"
    print(json.dumps(line), file=report)
    print(f"epoch {epoch + 1}: loss {line['metrics']['loss']:.4f}")

right = sum((probability(weights, x) > 0.5) == bool(y) for x, y in test)
print(json.dumps({"metrics": {"accuracy": right / len(test)}}), file=report)
with open(os.path.join(os.environ["BELLWETHER_ARTIFACTS"], "model.json"), "w") as file:
    json.dump({"weights": weights}, file)
