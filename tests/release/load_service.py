#!/usr/bin/env python3
"""Loads `piaa-batch serve` on the loopback as nobody should.

load_service.py PIAA_BATCH PHOTOS [--seconds 60] [--model NAME]

64 clients send photos, damaged and slow bodies, and leave in the middle; then the service is killed and started again.
Says: requests without an answer (must be 0), memory in the course of it, files that were written (must be none), and
throughput beside `piaa-batch score` on the same photos, in turns.
"""
import argparse
import collections
import http.client
import os
import pathlib
import random
import signal
import socket
import subprocess
import tempfile
import threading
import time

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
CLIENTS = 64
MEASUREMENTS = 20


class Service:
    def __init__(self, program, folder, *more):
        self.process = subprocess.Popen([program, "serve", "--listen", "127.0.0.1:0", *more], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, cwd=folder)
        self.port = int(self.process.stdout.readline().strip().rsplit(":", 1)[1])
        while self.ask("GET", "/readyz")[0] != 200:
            time.sleep(0.05)

    def ask(self, method, path, body=None, timeout=120):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, {"Content-Type": "image/jpeg"} if body else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def megabytes(self, field):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith(f"{field}:")).split()[1]) // 1024

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()


def misuse(service, photos, until, counts, seed):
    pick = random.Random(seed)
    while time.monotonic() < until:
        body = pick.choice(photos)
        kind = pick.choice(["whole"] * 6 + ["damaged", "cut", "leaves", "slow", "keeps"])
        try:
            if kind in ("leaves", "slow"):
                with socket.create_connection(("127.0.0.1", service.port), timeout=60) as plain:
                    plain.sendall(b"POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: "
                                  + str(len(body)).encode() + b"\r\n\r\n" + body[:1000])
                    if kind == "slow":
                        for start in range(1000, 1010):
                            time.sleep(0.2)
                            plain.sendall(body[start:start + 1])
                counts["left by the client"] += 1
                continue
            if kind == "damaged":
                body = body[:500] + pick.randbytes(200) + body[700:]
            elif kind == "cut":
                body = body[:pick.randrange(1, len(body))]
            status, _ = service.ask("POST", "/v1/crop?aspect=1:1" if kind == "keeps" else "/v1/score", body)
            counts[status] += 1
        except OSError as error:
            counts[f"without an answer: {error}"] += 1


def load(service, photos, seconds):
    """Counts of answers, and twenty times on the way the service's memory in MB: all, and without mapped files."""
    counts = collections.Counter()
    begin = time.monotonic()
    until = begin + seconds
    clients = [threading.Thread(target=misuse, args=(service, photos, until, counts, seed)) for seed in range(CLIENTS)]
    for client in clients:
        client.start()
    memory = []
    for part in range(1, MEASUREMENTS + 1):
        time.sleep(max(0, begin + seconds * part / MEASUREMENTS - time.monotonic()))
        memory.append((service.megabytes("VmRSS"), service.megabytes("RssAnon")))
    for client in clients:
        client.join()
    return counts, memory


def throughput(service, photos, repeat):
    """Photos a second of 8 clients that wait for each answer."""
    waiting = collections.deque(photos * repeat)
    count = len(waiting)

    def work():
        connection = http.client.HTTPConnection("127.0.0.1", service.port)
        while True:
            try:
                body = waiting.popleft()
            except IndexError:
                return
            connection.request("POST", "/v1/score", body, {"Content-Type": "image/jpeg"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status

    clients = [threading.Thread(target=work) for _ in range(8)]
    begin = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return count / (time.perf_counter() - begin)


def rate_of_command(program, model, files, repeat):
    names = "".join(f"{file}\n" for file in files * repeat)
    begin = time.perf_counter()
    subprocess.run([program, "score", "-", "--no-cache", "--quiet", "--format", "jsonl", *model], input=names,
                   text=True, stdout=subprocess.DEVNULL, check=True)
    return len(files) * repeat / (time.perf_counter() - begin)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--model")
    options = parser.parse_args()
    model = ["--model", options.model] if options.model else []
    files = sorted(file.absolute() for file in options.photos.iterdir() if file.suffix.lower() in SUFFIXES)[:20]
    photos = [file.read_bytes() for file in files]
    with tempfile.TemporaryDirectory() as folder:
        service = Service(options.program, folder, *model)
        counts, memory = load(service, photos, options.seconds)
        print("answers:", dict(sorted(counts.items(), key=str)))
        for kind, course in zip(("memory", "without mapped files"), zip(*memory)):
            later = course[MEASUREMENTS // 2:]
            print(f"{kind} in MB, every {options.seconds / MEASUREMENTS:.0f} s:", *course,
                  f"(second half {min(later)} to {max(later)})")
        service.end(signal.SIGKILL)
        service = Service(options.program, folder, *model)
        assert service.ask("POST", "/v1/score", photos[0])[0] == 200
        print("after kill -9 it starts and answers; files in its folder:", os.listdir(folder))
        ratios = []
        for _ in range(3):
            command = rate_of_command(options.program, model, files, max(1, 60 // len(files)))
            ratios.append(throughput(service, photos, max(1, 60 // len(files))) / command)
        print("throughput / piaa-batch score -:", ", ".join(f"{ratio:.2f}" for ratio in ratios))
        service.end()


if __name__ == "__main__":
    main()
