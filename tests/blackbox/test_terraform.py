"""Terraform itself: apply, plan again without a change, change, plan again, destroy.

Needs `terraform` and its AWS provider, which is not downloaded: STATOR_TERRAFORM_PLUGINS names a folder that has it, laid
out as a mirror (registry.terraform.io/hashicorp/aws/VERSION/PLATFORM). Skipped without them.
"""

import os
import shutil
import subprocess

import pytest
from support.server import ROOT

PLUGINS = os.environ.get("STATOR_TERRAFORM_PLUGINS")

pytestmark = [
    pytest.mark.stator, pytest.mark.slow,
    pytest.mark.skipif(not (PLUGINS and shutil.which("terraform")), reason="needs terraform and STATOR_TERRAFORM_PLUGINS, a folder with its AWS provider"),
]

NOTHING_TO_CHANGE = 0


@pytest.fixture()
def terraform(serve, tmp_path):
    server = serve("--in-memory")
    shutil.copy(ROOT / "tests/blackbox/terraform/main.tf", tmp_path)
    (tmp_path / "empty.rc").touch()
    environment = dict(os.environ, TF_CLI_CONFIG_FILE=str(tmp_path / "empty.rc"), CHECKPOINT_DISABLE="1", TF_IN_AUTOMATION="1")

    def run(*arguments, step=None, codes=(0,)):
        variables = [] if step is None else ["-var", f"endpoint={server.endpoint}", "-var", f"step={step}"]
        done = subprocess.run(["terraform", *arguments, "-no-color", *variables], cwd=tmp_path, env=environment,
                              capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)
        assert done.returncode in codes, done.stdout + done.stderr
        return done

    run("init", f"-plugin-dir={PLUGINS}")
    return run


def test_terraform(terraform):
    for step in (1, 2):
        terraform("apply", "-auto-approve", step=step)
        terraform("plan", "-detailed-exitcode", step=step, codes=(NOTHING_TO_CHANGE,))
    refused = terraform("destroy", "-auto-approve", step=2, codes=(1,))
    assert "protected against deletion" in refused.stderr
    terraform("apply", "-auto-approve", step=1)
    terraform("destroy", "-auto-approve", step=1)
