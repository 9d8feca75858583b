"""What AWS's own services tell X-Ray of a request, for MiniStack, which tells nothing: an API's stage, a function, an execution.

Each takes its trace from the header of whoever calls, and hands it on. A part is told when it begins and when it ends. What says
nothing of a trace begins one, as with X-Ray's own rule for so few requests.
"""

import contextvars
import functools
import json
import re
import secrets
import time
from contextlib import contextmanager
from typing import NamedTuple, Optional

import telling

HEADER = "x-amzn-trace-id"
FIELD = re.compile(r"(Root|Parent|Sampled)=([0-9a-f-]+)")


class Trace(NamedTuple):
    root: str
    parent: Optional[str] = None
    sampled: bool = True

    def __str__(self):
        parent = f";Parent={self.parent}" if self.parent else ""
        return f"Root={self.root}{parent};Sampled={int(self.sampled)}"


current = contextvars.ContextVar("trace", default=None)


def carried(headers):
    """The trace that a request says it is part of."""
    fields = dict(FIELD.findall(headers.get(HEADER, "")))
    if "Root" not in fields:
        return None
    return Trace(fields["Root"], fields.get("Parent"), fields.get("Sampled", "1") == "1")


@contextmanager
def part(name, origin=None):
    """What runs within is a part of its own, and the parent of what it causes."""
    trace = current.get() or Trace(f"1-{int(time.time()):08x}-{secrets.token_hex(12)}")
    document = {"trace_id": trace.root, "id": secrets.token_hex(8), "name": name, "start_time": time.time()}
    document |= {key: value for key, value in (("parent_id", trace.parent), ("origin", origin)) if value}
    before = current.set(trace._replace(parent=document["id"]))
    tell(trace, document)
    try:
        yield document
    except BaseException:
        document["fault"] = True
        raise
    finally:
        current.reset(before)
        tell(trace, {**document, "end_time": time.time()})


def tell(trace, document):
    if trace.sampled:
        telling.segments.tell(dict(document))


def on_ministack():
    if not telling.segments.address:
        return
    from ministack.services import apigateway_v1, lambda_svc, stepfunctions

    handle_request, call, run = (
        apigateway_v1._handle_execute_in_scope,
        lambda_svc._execute_function_with_config_scope,
        stepfunctions._run_execution,
    )
    task = stepfunctions._execute_task

    @functools.wraps(handle_request)
    async def handle_and_tell(api_id, stage_name, method, path, *rest):
        stage = apigateway_v1._stages_v1.get(api_id, {}).get(stage_name) or {}
        if not stage.get("tracingEnabled"):
            return await handle_request(api_id, stage_name, method, path, *rest)
        name = f"{(apigateway_v1._rest_apis.get(api_id) or {}).get('name', api_id)}/{stage_name}"
        with part(name, "AWS::ApiGateway::Stage") as document:
            answer = await handle_request(api_id, stage_name, method, path, *rest)
            document["fault"] = answer[0] >= 500
            return answer

    @functools.wraps(call)
    def call_and_tell(func, event):
        config = func.get("config") or func
        if (config.get("TracingConfig") or {}).get("Mode") != "Active":
            return call(func, event)
        with part(config["FunctionName"], "AWS::Lambda::Function") as document:
            result = call(func, event)
            document["fault"] = bool(result.get("error"))
            return result

    def keeping(change):
        """MiniStack forgets whether a machine is to be traced."""

        @functools.wraps(change)
        def change_and_keep(data):
            answer = change(data)
            arn = data.get("stateMachineArn") or json.loads(answer[2]).get("stateMachineArn")
            machine = stepfunctions._state_machines.get(arn)
            if machine and "tracingConfiguration" in data:
                machine["tracingConfiguration"] = data["tracingConfiguration"]
            return answer

        return change_and_keep

    @functools.wraps(run)
    def run_and_tell(arn):
        execution = stepfunctions._executions.get(arn) or {}
        machine = stepfunctions._state_machines.get(execution.get("stateMachineArn")) or {}
        if not (machine.get("tracingConfiguration") or {}).get("enabled"):
            return run(arn)
        with part(machine["name"], "AWS::StepFunctions::StateMachine") as document:
            run(arn)
            document["fault"] = execution.get("status") not in ("SUCCEEDED", "ABORTED")

    @functools.wraps(task)
    def task_and_tell(state, given, execution, context):
        machine = stepfunctions._state_machines.get((execution or {}).get("stateMachineArn")) or {}
        if not (machine.get("tracingConfiguration") or {}).get("enabled"):
            return task(state, given, execution, context)
        with part(context.get("State", {}).get("Name", "a task")):
            return task(state, given, execution, context)

    apigateway_v1._handle_execute_in_scope = handle_and_tell
    lambda_svc._execute_function_with_config_scope = call_and_tell
    lambda_svc._xray_trace_id_for_invocation = lambda *_: str(current.get()) if current.get() else None
    for name in ("_create_state_machine", "_update_state_machine"):
        setattr(stepfunctions, name, keeping(getattr(stepfunctions, name)))
    stepfunctions._run_execution = run_and_tell
    stepfunctions._execute_task = task_and_tell
