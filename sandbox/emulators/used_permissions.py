"""Writes down which permissions the roles use: a line for each role and action that an emulator has let through.

MiniStack knows the role and names the action as IAM does. moto knows the access key alone; MiniStack's lines tell whose it is.
"""

import os
import re

FILE = os.environ.get("GROUNDWORK_PERMISSIONS", "")
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/aws4_request")
written = set()


def write(*fields):
    line = "\t".join(fields) + "\n"
    if line in written:
        return
    written.add(line)
    with open(FILE, "a") as file:
        file.write(line)


def role_of(arn):
    """arn:aws:sts::123456789012:assumed-role/NAME/SESSION"""
    return arn.split("/")[1] if ":assumed-role/" in arn else None


def on_ministack():
    if not FILE:
        return
    from ministack.core import iam_evaluator

    evaluate, resolve = iam_evaluator.evaluate, iam_evaluator.resolve_principal

    def evaluate_and_write(context, *policies):
        result = evaluate(context, *policies)
        role = role_of(context.principal_arn)
        if role and result.decision == "Allow":
            write("used", role, context.action)
        return result

    def resolve_and_write(key, *rest):
        principal = resolve(key, *rest)
        role = role_of(getattr(principal, "arn", ""))
        if role:
            write("key", key, role)
        return principal

    iam_evaluator.evaluate = evaluate_and_write
    iam_evaluator.resolve_principal = resolve_and_write


def on_moto():
    if not FILE:
        return
    from moto.core.responses import BaseResponse

    call = BaseResponse.call_action

    def call_and_write(self):
        found = CREDENTIAL.search(self.headers.get("Authorization", ""))
        if found:
            write("by-key", found[1], f"{found[2]}:{self._get_action()}")
        return call(self)

    BaseResponse.call_action = call_and_write
