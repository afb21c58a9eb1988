"""Estimates pi by drawing points, in rounds: after each, rank 0 gathers the counts of all members and tells them the sum."""
import json, os, random, socket, struct, time

parameters = json.load(open(os.environ["BELLWETHER_PARAMETERS"]))
rank, size = int(os.environ["BELLWETHER_GANG_RANK"]), int(os.environ["BELLWETHER_GANG_SIZE"])
host, port = os.environ["BELLWETHER_GANG_ADDRESSES"].split(",")[0].rsplit(":", 1)
report = os.fdopen(int(os.environ["BELLWETHER_REPORT_FD"]), "w", buffering=1)
draw = random.Random(parameters["seed"] * 1000 + rank).random


def connect():
    """To rank 0, which may not listen yet."""
    for _ in range(200):
        try:
            return socket.create_connection((host, int(port)), timeout=60)
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"rank 0 does not answer at {host}:{port}")


def read(peer):
    data = b""
    while len(data) < 8:
        part = peer.recv(8 - len(data))
        if not part:
            raise SystemExit("a member of the gang is gone")
        data += part
    return struct.unpack("!q", data)[0]


if rank == 0:
    door = socket.create_server((host, int(port)))
    door.settimeout(60)
    peers = [door.accept()[0] for _ in range(size - 1)]
else:
    peers = [connect()]

inside = 0
for step in range(1, parameters["rounds"] + 1):
    count = sum(draw() ** 2 + draw() ** 2 <= 1 for _ in range(parameters["points"]))
    if rank == 0:
        count += sum(read(peer) for peer in peers)
        for peer in peers:
            peer.sendall(struct.pack("!q", count))
    else:
        peers[0].sendall(struct.pack("!q", count))
        count = read(peers[0])
    inside += count
    pi = 4 * inside / (step * parameters["points"] * size)
    print(json.dumps({"step": step, "progress": step / parameters["rounds"], "metrics": {"pi": pi}}), file=report)
print(f"rank {rank} of {size}: pi is about {pi}")
