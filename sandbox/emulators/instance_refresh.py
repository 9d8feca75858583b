"""Instance refreshes, which moto does not have: each look at the groups replaces as many of the old instances as may be away at once, until
none is left. A refresh that launches before it terminates is not among them.
"""

import uuid
from datetime import datetime, timezone

import writes
from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

SERVES = "InService"
AT_WORK = ("Pending", "InProgress")


class InProgress(AutoscalingClientError):
    code = "InstanceRefreshInProgress"


def on_moto():
    AutoScalingResponse.start_instance_refresh = start
    AutoScalingResponse.describe_instance_refreshes = describe
    AutoScalingResponse.cancel_instance_refresh = cancel


def refreshes_of(response):
    """The group that a call is about, and its refreshes, the newest first."""
    name = response._get_param("AutoScalingGroupName")
    group = response.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    if not hasattr(group, "refreshes"):
        group.refreshes = []
    return group, group.refreshes


def start(response):
    group, known = refreshes_of(response)
    if any(one["Status"] in AT_WORK for one in known):
        raise InProgress("An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.")
    least = int((response._get_param("Preferences") or {}).get("MinHealthyPercentage", 90))
    if least >= 100:
        raise ValidationError(f"The sandbox carries a MinHealthyPercentage below 100 alone, got {least}.")
    old = [state.instance.id for state in group.instance_states]
    one = {
        "InstanceRefreshId": str(uuid.uuid4()),
        "AutoScalingGroupName": group.name,
        "Status": "Pending",
        "StartTime": now(),
        "PercentageComplete": 0,
        "InstancesToUpdate": len(old),
        "Preferences": {"MinHealthyPercentage": least},
    }
    known.insert(0, one)
    group.leaving = old
    group.may_be_away = max(1, len(old) * (100 - least) // 100)
    return ActionResult({"InstanceRefreshId": one["InstanceRefreshId"]})


def describe(response):
    _, known = refreshes_of(response)
    advance(response.autoscaling_backend)
    return ActionResult({"InstanceRefreshes": known[: int(response._get_param("MaxRecords") or 50)]})


def cancel(response):
    _, known = refreshes_of(response)
    for one in known:
        if one["Status"] in AT_WORK:
            one |= {"Status": "Cancelled", "EndTime": now()}
            return ActionResult({"InstanceRefreshId": one["InstanceRefreshId"]})
    raise ValidationError("There is no Instance Refresh in progress.")


def advance(backend):
    """The next step of each refresh: instances that still wait for a launch hook are away, too."""
    for group in list(backend.autoscaling_groups.values()):
        for one in getattr(group, "refreshes", [])[:1]:
            if one["Status"] in AT_WORK:
                step(backend, group, one)


def step(backend, group, one):
    here = {state.instance.id for state in group.instance_states}
    left = [id for id in group.leaving if id in here]
    away = group.desired_capacity - sum(state.lifecycle_state == SERVES for state in group.instance_states)
    writes.counts["autoscaling"] += 1  # whoever follows the groups has to look again
    one |= {
        "Status": "InProgress",
        "InstancesToUpdate": len(left),
        "PercentageComplete": 100 * (len(group.leaving) - len(left)) // max(1, len(group.leaving)),
    }
    if not left and away <= 0:
        one |= {"Status": "Successful", "EndTime": now(), "PercentageComplete": 100}
    for id in left[: max(0, group.may_be_away - away)]:
        backend.terminate_instance(id, should_decrement=False)


def now():
    return datetime.now(timezone.utc)
