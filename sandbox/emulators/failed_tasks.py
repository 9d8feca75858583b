"""A state machine's failed calls of functions, told as AWS tells them.

MiniStack forgets the failure of a call whose state waits for a token: the state would wait for hours. A call that was
throttled has no name in it, so that no state would try it again.
"""

import threading

from ministack.services import stepfunctions

current = threading.local()
call = stepfunctions._call_lambda
wait = stepfunctions._invoke_with_callback


def call_with_failures(function, event):
    try:
        return call(function, event)
    except stepfunctions._ExecutionError as error:
        if "TooManyRequestsException" in error.cause:
            error.error = "Lambda.TooManyRequestsException"
        waiting = stepfunctions._task_tokens.get(getattr(current, "token", None))
        if waiting:
            waiting["error"] = {"Error": error.error, "Cause": error.cause}
            waiting["event"].set()
        raise


def wait_with_failures(resource, event, token, state):
    current.token = token
    try:
        return wait(resource, event, token, state)
    finally:
        current.token = None


def install():
    stepfunctions._call_lambda = call_with_failures
    stepfunctions._invoke_with_callback = wait_with_failures
