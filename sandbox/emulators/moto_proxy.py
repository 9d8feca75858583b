"""moto behind a proxy that lets nobody in who holds no key; whose a role's key is, MiniStack knows.

    python -m moto_proxy PORT
"""

import io
import os
import sys
from urllib.request import Request, urlopen

import access
import asked
import failures
import instance_refresh
import launch_hooks
import used_permissions
import writes
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.utils import parse_user_data
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

used_permissions.on_moto()
launch_hooks.on_moto()
instance_refresh.on_moto()

make_version = LaunchTemplateVersion.__init__


def with_user_data(version, template, number, data, description):
    """moto reads the user data of a template's first version alone, and starts nothing from a later one."""
    if isinstance(data.get("UserData"), str):
        data = data | {"UserData": parse_user_data(data["UserData"])}
    make_version(version, template, number, data, description)


LaunchTemplateVersion.__init__ = with_user_data

launch = FakeAutoScalingGroup.replace_autoscaling_group_instances


def over_the_zones(group, count, tags):
    """Auto Scaling starts each instance in the zone that has the fewest of its group's; moto starts all in the first subnet."""
    if not group.vpc_zone_identifier:
        return launch(group, count, tags)
    declared = group.vpc_zone_identifier
    ec2 = group.autoscaling_backend.ec2_backend
    try:
        for _ in range(count):
            subnets = ec2.describe_subnets(subnet_ids=declared.split(","))
            up = [one for one in subnets if not failures.is_down(one.availability_zone)]
            if not up:
                return None  # as on AWS, where none of its zones takes an instance
            own = [state.instance.subnet_id for state in group.instance_states]
            fewest = min(up, key=lambda subnet: (own.count(subnet.id), declared.index(subnet.id)))
            others = [one.id for one in subnets if one is not fewest]
            group.vpc_zone_identifier = ",".join([fewest.id, *others])
            launch(group, 1, dict(tags))
    finally:
        group.vpc_zone_identifier = declared


FakeAutoScalingGroup.replace_autoscaling_group_instances = over_the_zones

MINISTACK = os.environ["AWS_ENDPOINT_URL"]
known = {}


def secret_of(key):
    if key not in known and key.isalnum():
        headers = {access.OWN_KEY: access.ROOT_SECRET}
        try:
            with urlopen(Request(f"{MINISTACK}/_groundwork/secret/{key}", headers=headers), timeout=5) as answer:
                known[key] = answer.read().decode()
        except OSError:
            return None  # MiniStack knows no such key, or has stopped
    return known.get(key)


def request_in(environ):
    named = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    named |= {name.replace("_", "-"): environ[name] for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if name in environ}
    headers = access.joined((name, value.encode("latin-1")) for name, value in named.items())
    raw_path = environ["RAW_URI"].partition("?")[0]
    return access.Request(environ["REQUEST_METHOD"], environ["PATH_INFO"], raw_path, environ["QUERY_STRING"], headers)


def body_of(environ):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def behind_checks(moto):
    @asked.seen_by_moto
    def app(environ, start_response):
        request = request_in(environ)
        body = body_of(environ)
        reason = access.refusal(request, body, secret_of, lambda request: False)
        if reason:
            status, kind, text = access.answer(reason, request)
            return respond(start_response, status, {"content-type": kind}, text)
        if failures.is_asked(request):
            return respond(start_response, 200, {"content-type": "application/json"}, failures.told(request))
        if writes.is_asked(request):
            return respond(start_response, 200, {"content-type": "application/json"}, writes.told())
        throttled = failures.refusal(request)
        if throttled:
            return respond(start_response, *throttled)
        if access.ONLY_CHECK in request.headers:
            start_response("204 No Content", [])
            return []
        try:
            return moto(environ, start_response)
        finally:
            writes.answered(request, body)

    return app


def respond(start_response, status, headers, body):
    start_response(f"{status} Answered", [*headers.items(), ("content-length", str(len(body)))])
    return [body]


if __name__ == "__main__":
    port = int(sys.argv[1])
    os.environ["MOTO_PORT"] = str(port)
    run_simple("127.0.0.1", port, behind_checks(DomainDispatcherApplication(create_backend_app)), threaded=True)
