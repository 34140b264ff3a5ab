"""The aws command line, Debian's, with throw-away keys and nothing of a person's own settings. Half a second a call."""

import json
import os
import shutil
import subprocess

import pytest

PROGRAM = "/usr/bin/aws" if os.path.exists("/usr/bin/aws") else "aws"
needs_aws = pytest.mark.skipif(shutil.which("aws") is None, reason="the aws command line is not installed")


class AwsCli:
    """Commands of one service against one endpoint: aws("list-tables") gives the decoded answer."""

    def __init__(self, service, endpoint, home):
        self.service, self.endpoint = service, endpoint
        self.environment = dict(os.environ, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1",
                                AWS_PAGER="", AWS_CONFIG_FILE=os.devnull, HOME=str(home))

    def command(self, *arguments):
        return [PROGRAM, self.service, *arguments, "--endpoint-url", self.endpoint]

    def text(self, *arguments, fails=None):
        """What it printed; nothing if it had to fail, saying `fails`."""
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=120, env=self.environment,
                              stdin=subprocess.DEVNULL)
        if fails:
            assert done.returncode != 0 and fails in done.stderr, done.stderr
            return ""
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def __call__(self, *arguments, fails=None):
        printed = self.text(*arguments, "--output", "json", fails=fails)
        return json.loads(printed) if printed.strip() else None
