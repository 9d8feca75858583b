#!/bin/bash
# Ends the web server before its successor comes; CodeDeploy has taken it off the load balancer.
set -euo pipefail
systemctl stop groundwork-web
