"""MiniStack behind a door that ends TLS, as AWS's own does.

Policies that refuse plain HTTP look at the header a TLS-ending proxy adds; on this machine the wire itself stays plain.
Pages that a browser opens keep http, so that the addresses they name can be opened.
"""

import used_rights
from ministack.app import app as ministack

used_rights.on_ministack()

BROWSER_PATHS = (b"/oauth2/", b"/login", b"/logout", b"/signup", b"/forgotPassword")


async def app(scope, receive, send):
    if scope["type"] == "http" and not is_page(scope):
        scope = {**scope, "headers": [*scope["headers"], (b"x-forwarded-proto", b"https")]}
    await ministack(scope, receive, send)


def is_page(scope):
    path = scope.get("raw_path") or scope["path"].encode()
    return path.startswith(BROWSER_PATHS) or b"/.well-known/" in path
