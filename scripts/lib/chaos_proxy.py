"""What stands between a worker and a head in scripts/chaos: a TCP proxy, and a network namespace where one may be made."""
import ctypes, select, socket, subprocess, threading, time

CLONE_NEWNET = 0x4000_0000


class Namespace:
    """A network of a worker's own, with a loopback device that can be taken down."""

    def __init__(self, name):
        self.name = name
        quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.exists = subprocess.run(["ip", "netns", "add", name], **quiet).returncode == 0
        except OSError:
            self.exists = False
        if self.exists:
            self.set_link(True)
        self.prefix = ["ip", "netns", "exec", name] if self.exists else []

    def set_link(self, is_up):
        subprocess.run(["ip", "-n", self.name, "link", "set", "lo", "up" if is_up else "down"], check=True)

    def enter(self):
        """Moves the calling thread in there."""
        if self.exists:
            with open(f"/run/netns/{self.name}") as file:
                if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")

    def remove(self):
        if self.exists:
            subprocess.run(["ip", "netns", "del", self.name], check=False)


class Proxy:
    """Listens in the worker's network and connects to the head's port outside of it. Everything is passed on as it comes, unless told
    otherwise; the times and places of what is garbled come from a seeded generator."""

    def __init__(self, target, namespace, chance):
        self.target, self.chance = target, chance
        self.delay, self.is_garbling, self.is_closed = 0.0, False, False
        self.held = {"worker": False, "head": False}
        self.pairs = set()
        self.lock = threading.Lock()
        ready = threading.Event()
        threading.Thread(target=self.listen, args=(namespace, ready), daemon=True).start()
        ready.wait()

    def listen(self, namespace, ready):
        # A socket stays in the network it was made in; only this thread is inside.
        namespace.enter()
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        listener.settimeout(0.2)
        self.port = listener.getsockname()[1]
        ready.set()
        while not self.is_closed:
            try:
                near, _ = listener.accept()
            except OSError:
                continue
            threading.Thread(target=self.connect, args=(near,), daemon=True).start()
        listener.close()

    def connect(self, near):
        # This thread was started by one inside the namespace, and is there too: the connection is made by one that is not.
        far = Outside.connect(self.target)
        if far is None:
            near.close()
            return
        pair = (near, far)
        with self.lock:
            self.pairs.add(pair)
        threads = [threading.Thread(target=self.pump, args=(pair, *way), daemon=True) for way in ((near, far, "head"), (far, near, "worker"))]
        for thread in threads:
            thread.start()

    def pump(self, pair, source, sink, way):
        is_fresh = True
        try:
            while not self.is_closed:
                if not select.select([source], [], [], 0.1)[0]:
                    continue
                data = source.recv(65_536)
                if not data:
                    break
                while self.held[way] and not self.is_closed:
                    time.sleep(0.02)
                if self.delay:
                    time.sleep(self.chance.uniform(0, self.delay))
                if is_fresh and self.is_garbling:
                    place = self.chance.randrange(min(len(data), 10))
                    data = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1:]
                is_fresh = False
                sink.sendall(data)
        except (OSError, ValueError):
            pass
        self.drop(pair)

    def drop(self, pair):
        with self.lock:
            self.pairs.discard(pair)
        for end in pair:
            try:
                end.close()
            except OSError:
                pass

    def cut(self):
        with self.lock:
            pairs = list(self.pairs)
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def hold(self, to_worker):
        self.held["worker" if to_worker else "head"] = True

    def release(self):
        self.held = {"worker": False, "head": False}

    def set_delay(self, seconds):
        self.delay = seconds

    def close(self):
        self.is_closed = True
        self.release()
        self.cut()


class Outside:
    """Makes connections on a thread that has never left the machine's own network."""
    queue, ready, started = [], threading.Condition(), False

    @classmethod
    def connect(cls, port):
        answer = {"done": threading.Event(), "socket": None, "port": port}
        with cls.ready:
            cls.queue.append(answer)
            cls.ready.notify()
        answer["done"].wait(5)
        return answer["socket"]

    @classmethod
    def run(cls):
        while True:
            with cls.ready:
                while not cls.queue:
                    cls.ready.wait()
                answer = cls.queue.pop(0)
            try:
                answer["socket"] = socket.create_connection(("127.0.0.1", answer["port"]), timeout=2)
                answer["socket"].settimeout(None)
            except OSError:
                pass
            answer["done"].set()


threading.Thread(target=Outside.run, daemon=True).start()
