"""People who sign in, as fast as the server lets them: each visit fetches the form, as a browser does, and sends it."""

import http.client
import re
import threading
import time
import urllib.parse
from typing import Self

_TOKEN = re.compile(rb'name="csrf" value="([^"]+)"')


class Visitors:
    """Threads that sign in one after the other until they are told to stop."""

    def __init__(self, port: int, username: str, password: str, count: int) -> None:
        self._port, self._form = port, {"login": username, "password": password}
        self._threads = [threading.Thread(target=self._visit, daemon=True) for _ in range(count)]
        self._over = threading.Event()
        self.done = 0
        self.refused = 0

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def rate(self, seconds: float) -> float:
        """Sign-ins a second, over so many seconds from now on."""
        before, began = self.done, time.perf_counter()
        time.sleep(seconds)
        return (self.done - before) / (time.perf_counter() - began)

    def _visit(self) -> None:
        connection = http.client.HTTPConnection("localhost", self._port, timeout=30)
        while not self._over.is_set():
            connection.request("GET", "/login")
            page = connection.getresponse()
            cookies = "; ".join(value.partition(";")[0] for name, value in page.getheaders() if name == "set-cookie")
            found = _TOKEN.search(page.read())
            if found is None:
                raise RuntimeError("the page to sign in has no form")
            form = urllib.parse.urlencode({**self._form, "csrf": found[1].decode()})
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
            connection.request("POST", "/login", form, headers | {"Origin": f"http://localhost:{self._port}"})
            answer = connection.getresponse()
            answer.read()
            if answer.status == 303:
                self.done += 1
            else:
                self.refused += 1
                time.sleep(0.1)
