#!/usr/bin/env bash
# What an Amazon Linux 2023 instance does when it first starts: Docker, CodeDeploy's agent, a place for the settings.
# Session Manager's agent is there already. ${AWS_REGION} is filled in by docs/aws.md.
set -euo pipefail

dnf install -y docker ruby wget
systemctl enable --now docker

folder="$(mktemp -d)"
aws s3 cp "s3://aws-codedeploy-${AWS_REGION}/latest/install" "$folder/install" --region "${AWS_REGION}"
ruby "$folder/install" auto
systemctl enable --now codedeploy-agent

install -d -m 700 /etc/dataverse
cat >/etc/dataverse/host.env <<'END'
DATAVERSE_LOG_GROUP=/dataverse/container
END
# The journal and Docker's own files may not fill the disk.
install -d /etc/systemd/journald.conf.d
printf '[Journal]\nSystemMaxUse=2G\n' >/etc/systemd/journald.conf.d/limit.conf
systemctl restart systemd-journald
