#!/bin/bash
# Stops the web server before its successor starts. CodeDeploy has taken it off the load balancer by then.
set -euo pipefail
systemctl stop groundwork-web
