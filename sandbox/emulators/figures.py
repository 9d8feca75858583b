"""What CloudWatch is told by services that tell it nothing in MiniStack: requests of an API, and figures in a function's log.

Alarms are judged elsewhere, each by its own dimensions (fleet/alarm-watch.ts, fleet/scaling.ts): MiniStack looks past these.
"""

import functools
import json


def on_ministack():
    from ministack.services import apigateway_v1, cloudwatch, lambda_svc

    cloudwatch._evaluate_all_alarms = lambda: None
    answer, call = apigateway_v1._handle_execute_in_scope, lambda_svc._execute_function_with_config_scope

    @functools.wraps(answer)
    async def answer_and_count(api_id, stage, *rest):
        response = await answer(api_id, stage, *rest)
        name = (apigateway_v1._rest_apis.get(api_id) or {}).get("name")
        if name:
            by = {"ApiName": name, "Stage": stage}
            cloudwatch.record_metric("AWS/ApiGateway", "Count", 1, "Count", by)
            for figure, begins in (("4XXError", 400), ("5XXError", 500)):
                cloudwatch.record_metric(
                    "AWS/ApiGateway", figure, int(begins <= response[0] < begins + 100), "Count", by
                )
        return response

    @functools.wraps(call)
    def call_and_count(func, event):
        result = call(func, event)
        for line in (result.get("log") or "").splitlines():
            if '"_aws"' in line:
                record(line, cloudwatch)
        return result

    apigateway_v1._handle_execute_in_scope = answer_and_count
    lambda_svc._execute_function_with_config_scope = call_and_count


def record(line, cloudwatch):
    """A line of CloudWatch's embedded metric format, behind whatever the runtime writes before it."""
    try:
        told = json.loads(line[line.index("{") :])
        if "_aws" not in told:  # as a message within a line of the runtime's own
            told = json.loads(told["message"])
    except (ValueError, KeyError, TypeError):
        return
    for directive in told["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            by = {name: str(told[name]) for name in names}
            for metric in directive["Metrics"]:
                name = metric["Name"]
                cloudwatch.record_metric(directive["Namespace"], name, told[name], metric.get("Unit", "None"), by)
