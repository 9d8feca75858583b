"""Launch hooks, which moto keeps and nobody waits for: an instance of a group with such a hook is in service once somebody has said that
it may be, and is replaced when it is given up, or when nothing is said in time.
"""

import time

import instance_refresh
import writes
from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import EmptyResult
from moto.elbv2.models import FakeTargetGroup

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
WAITS = "Pending:Wait"
SERVES = "InService"

make_state = InstanceState.__init__
groups_of = AutoScalingBackend.describe_auto_scaling_groups
instances_of = AutoScalingBackend.describe_auto_scaling_instances
put_hook = AutoScalingBackend.create_lifecycle_hook
delete_hook = AutoScalingBackend.delete_lifecycle_hook


def on_moto():
    InstanceState.__init__ = waiting
    FakeAutoScalingGroup.active_instances = counted
    AutoScalingBackend.create_lifecycle_hook = only_of_launches
    AutoScalingBackend.delete_lifecycle_hook = abandoning
    AutoScalingBackend.describe_auto_scaling_groups = in_time(groups_of)
    AutoScalingBackend.describe_auto_scaling_instances = in_time(instances_of)
    AutoScalingResponse.complete_lifecycle_action = complete
    AutoScalingResponse.record_lifecycle_action_heartbeat = go_on_waiting
    # fleet/groups.ts registers: it knows who is in service, and on whom a deployment works.
    AutoScalingBackend.update_attached_target_groups = lambda backend, name: None
    FakeTargetGroup.deregister = deregister


def waiting(state, instance, *rest, **named):
    make_state(state, instance, *rest, **named)
    group = state.auto_scaling_group
    hooks = group.autoscaling_backend.describe_lifecycle_hooks(group.name)
    state.waits = {hook.name: time.monotonic() + int(hook.heartbeat_timeout) for hook in hooks}
    if state.waits:
        state.lifecycle_state = WAITS


def only_of_launches(backend, name, as_name, transition, *rest, **named):
    if transition != LAUNCHING:
        raise ValidationError(f"The sandbox carries hooks of {LAUNCHING} alone, got {transition}.")
    return put_hook(backend, name, as_name, transition, *rest, **named)


def abandoning(backend, as_name, name):
    """A hook that goes gives up whoever waits for it, as on AWS."""
    delete_hook(backend, as_name, name)
    group = backend.autoscaling_groups.get(as_name)
    for state in list(group.instance_states) if group else []:
        if name in state.waits:
            end(backend, state, name, "ABANDON")


def counted(group):
    return [state for state in group.instance_states if state.lifecycle_state in (SERVES, WAITS)]


def deregister(target_group, targets):
    """AWS takes one that is not registered for done; moto refuses all of them."""
    for target in targets:
        known = target_group.targets.pop(target["Id"], None)
        if known:
            target_group.deregistered_targets[target["Id"]] = known


def in_time(describe):
    def described(backend, *rest, **named):
        for group in list(backend.autoscaling_groups.values()):
            for state in list(group.instance_states):
                for name, until in list(state.waits.items()):
                    if until <= time.monotonic():
                        [hook] = backend.describe_lifecycle_hooks(group.name, [name])
                        end(backend, state, name, hook.default_result)
                        writes.counts["autoscaling"] += 1
        instance_refresh.advance(backend)
        return describe(backend, *rest, **named)

    return described


def end(backend, state, hook, result):
    del state.waits[hook]
    if result == "ABANDON":
        state.waits.clear()
        backend.terminate_instance(state.instance.id, should_decrement=False)
    elif not state.waits:
        state.lifecycle_state = SERVES


def asked(response):
    """Whom a call is about: the instance of a group that waits for a hook."""
    backend, param = response.autoscaling_backend, response._get_param
    group, hook, instance = (param(f) for f in ("AutoScalingGroupName", "LifecycleHookName", "InstanceId"))
    states = backend.autoscaling_groups[group].instance_states if group in backend.autoscaling_groups else []
    for state in states:
        if state.instance.id == instance and hook in state.waits:
            return backend, state, hook
    raise ValidationError(f"No active Lifecycle Action found with instance ID {instance}")


def complete(response):
    backend, state, hook = asked(response)
    end(backend, state, hook, response._get_param("LifecycleActionResult"))
    return EmptyResult()


def go_on_waiting(response):
    backend, state, hook = asked(response)
    [kept] = backend.describe_lifecycle_hooks(state.auto_scaling_group_name, [hook])
    state.waits[hook] = time.monotonic() + int(kept.heartbeat_timeout)
    return EmptyResult()
