"""Tells the sandbox of each call of a function: what woke it and how it ended. What it asks of AWS meanwhile tells asked.py."""

import contextvars
import functools
import time

import asked
import telling
from woken import last, rule_of, woken_by

# The call of a function that runs, what is about to wake one, and who asks for one by name.
running = contextvars.ContextVar("running", default=None)
waking = contextvars.ContextVar("waking", default=None)
caller = contextvars.ContextVar("caller", default=None)


def on_ministack():
    if not telling.calls.address:
        return
    from ministack.core import iam_evaluator
    from ministack.services import eventbridge, lambda_svc, stepfunctions

    dispatch, header = lambda_svc._execute_function_dispatch, lambda_svc._xray_trace_id_for_invocation
    record, invoke = lambda_svc._execution_record_for_config, lambda_svc._invoke
    task, target, evaluate = stepfunctions._execute_task, eventbridge._invoke_target, iam_evaluator.evaluate

    @functools.wraps(dispatch)
    def dispatch_and_tell(func, config, event, request_id, started):
        woken = woken_by(event, func.get("waking") or waking.get(), caller.get())
        began = {"function": config["FunctionName"], "at": started * 1000, "woken": woken}
        telling.calls.tell({"call": request_id, "began": began})
        before = running.set(request_id)
        result = {"error": True}
        try:
            result = dispatch(func, config, event, request_id, started)
            return result
        finally:
            running.reset(before)
            ended = {"ms": (time.time() - started) * 1000, "failed": bool(result.get("error"))}
            body = result.get("body")
            if woken["by"] == "request" and isinstance(body, dict) and isinstance(body.get("statusCode"), int):
                ended["answered"] = body["statusCode"]
            telling.calls.tell({"call": request_id, "ended": ended})

    @functools.wraps(header)
    def header_with_call(*given):
        return ";".join(filter(None, (header(*given), running.get() and f"Call={running.get()}"))) or None

    @functools.wraps(record)
    def record_with_waking(func, config):
        # A thread of its own runs it, which has none of these variables.
        return {**record(func, config), "waking": waking.get()}

    @functools.wraps(invoke)
    async def invoke_for(name, event, headers, *rest, **named):
        caller.set(name_of(asked.SCOPE.search(headers.get("authorization", ""))))
        # The root's alone: whoever else says so speaks of itself.
        rule = None if caller.get() else rule_of(headers.get("x-amz-client-context"))
        before = waking.set(rule or waking.get())
        try:
            return await invoke(name, event, headers, *rest, **named)
        finally:
            waking.reset(before)

    @functools.wraps(task)
    def task_that_wakes(state, given, execution, context):
        machine = last((execution or {}).get("stateMachineArn"))
        by = {"by": "state", "of": machine, "more": context.get("State", {}).get("Name", "")}
        return within(by, task, state, given, execution, context)

    @functools.wraps(target)
    def target_that_is_woken(target_of, event, rule, *rest):
        kind = "schedule" if ":scheduler:" in rule.get("Arn", "") else "rule"
        return within({"by": kind, "of": rule.get("Name", "")}, target, target_of, event, rule, *rest)

    @functools.wraps(evaluate)
    def evaluate_and_name(context, *policies):
        named = asked.action.get()
        if named is not None:
            named.append(context.action.rsplit(":", 1)[-1])
        return evaluate(context, *policies)

    lambda_svc._execute_function_dispatch = dispatch_and_tell
    lambda_svc._xray_trace_id_for_invocation = header_with_call
    lambda_svc._execution_record_for_config = record_with_waking
    lambda_svc._invoke = invoke_for
    stepfunctions._execute_task = task_that_wakes
    eventbridge._invoke_target = target_that_is_woken
    iam_evaluator.evaluate = evaluate_and_name


def within(by, work, *given):
    before = waking.set(by)
    try:
        return work(*given)
    finally:
        waking.reset(before)


def name_of(key):
    """Whose key it is: a function's, or that of somebody who has taken a role; None for root's own."""
    from ministack.services import sts

    session = sts._sessions.get(key[1]) if key else None
    return session["Arn"].rsplit("/", 1)[-1] if session else None
