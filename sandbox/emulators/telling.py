"""Tells the sandbox what happens in an emulator, by a thread of its own: no request waits for it."""

import json
import os
import queue
import threading
import time
import urllib.request

# What happens at once is told at once.
GATHERED_SECONDS = 0.05


class Teller:
    def __init__(self, address):
        self.address = address
        self.told = queue.SimpleQueue()
        if address:
            threading.Thread(target=self.send, daemon=True).start()

    def tell(self, document):
        self.told.put(document)

    def send(self):
        """Whoever hears it is on this machine, whatever the proxy variables say."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        headers = {"content-type": "application/json", "x-groundwork-key": os.environ["AWS_SECRET_ACCESS_KEY"]}
        while True:
            documents = [self.told.get()]
            time.sleep(GATHERED_SECONDS)
            while not self.told.empty():
                documents.append(self.told.get())
            request = urllib.request.Request(self.address, json.dumps(documents).encode(), headers)
            try:
                opener.open(request, timeout=5).close()
            except OSError as error:
                print(f"what happened was not taken: {error}", flush=True)


# The parts of traces, and the calls of functions.
segments = Teller(os.environ.get("GROUNDWORK_SEGMENTS", ""))
calls = Teller(os.environ.get("GROUNDWORK_CALLS", ""))
