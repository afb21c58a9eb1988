"""Makes reference.json: hashes of canonical dataset content and of blocks, and doubles from decimal text, each computed
without Bellwether. Needs the package xxhash. Run it in this folder: python make_reference.py ../../../../shared/data
"""
import csv
import datetime
import hashlib
import json
import random
import struct
import sys

import xxhash


def canonical(series):
    content = b"bellwether-dataset/1\n" + struct.pack("<I", len(series))
    for symbol in sorted(series):
        rows = series[symbol]
        content += struct.pack("<I", len(symbol)) + symbol.encode() + struct.pack("<Q", len(rows))
        content += b"".join(struct.pack("<q", row[0]) for row in rows)
        for column in range(1, 7):
            content += b"".join(struct.pack("<d", row[column]) for row in rows)
    return hashlib.sha256(content).hexdigest()


def yahoo(path):
    rows = []
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            day = datetime.datetime.strptime(row["Date"], "%m/%d/%Y").replace(tzinfo=datetime.timezone.utc)
            values = [float(row[name]) for name in ["Open", "High", "Low", "Close", "Adj Close", "Volume"]]
            rows.append([int(day.timestamp()) * 1000] + values)
    return rows


def decimals():
    source = random.Random(20)
    texts = [
        "0", "-0", "0.1", "1e22", "1e23", "123456789012345678", "9007199254740993", "9007199254740992", "0.30000000000000004",
        "5e-324", "2.2250738585072014e-308", "1.7976931348623157e308", "179769313486231580793728971405301e276", "1.", ".5",
        "00000000000000000000001.5", "8.41e+21", "2.2250738585072011e-308", "0.000000000000000000000000000000000000001",
        "1448997445238699", "9007199254740993.0000000000000000000000000000000000000000001", "6929495644600919.5",
        "7.2057594037927933e16", "3.518437208883201171875E13", "1e-400", "12345678901234567890123456789e-10",
    ]
    for _ in range(400):
        digits = source.randint(1, 25)
        text = str(source.randint(0, 10**digits))
        if source.random() < 0.8:
            at = source.randint(0, len(text))
            text = text[:at] + "." + text[at:]
        if source.random() < 0.5:
            text += "e%d" % source.randint(-40, 40)
        texts.append(text)
    for _ in range(400):
        texts.append(repr(struct.unpack("<d", struct.pack("<Q", source.getrandbits(62)))[0]))
    return [{"text": text, "bits": struct.pack(">d", float(text)).hex()} for text in texts]


data = sys.argv[1]
text = bytes((i * 7 + i // 251) % 256 for i in range(1000))
small = {
    "BBB": [[-86400000, 1.5, 2.0, 1.25, 1.75, 1.7, 0.0], [0, 1.75, 1.75, 1.75, 1.75, 1.75, 10.0]],
    "AAA": [[946684800000, 0.1, 0.3, 0.1, 0.2, 0.2, 1e6]],
}
reference = {
    "small": canonical(small),
    "spx": canonical({"series": yahoo(data + "/spx-daily.csv")}),
    "nasdaq": canonical({"series": yahoo(data + "/nasdaq-daily.csv")}),
    "xxh64": {str(n): "%016x" % xxhash.xxh64(text[:n]).intdigest() for n in [0, 1, 3, 4, 7, 8, 31, 32, 33, 63, 64, 255, 1000]},
    "decimals": decimals(),
}
with open("reference.json", "w") as file:
    json.dump(reference, file, indent=1, sort_keys=True)
    file.write("\n")
