# Loaded before a project's server: whatever port and address it asks for, it listens on its own port of this machine alone, as a container
# listens where Docker leads to.
import os
import socket

own = ("127.0.0.1", int(os.environ["GROUNDWORK_PORT"]))
bind = socket.socket.bind


def bind_here(self, address):
    asked = isinstance(address, tuple) and address[1] != 0
    listens = self.family == socket.AF_INET and self.type == socket.SOCK_STREAM
    return bind(self, own if asked and listens else address)


socket.socket.bind = bind_here
