"""The manifests follow the rules of kube-score."""

from pathlib import Path
from typing import Any

import yaml
from deployment.tools import ROOT, run, tool

FOLDER = ROOT / "deploy/kubernetes"

EXCEPTIONS = (
    # A limit of processor time slows down work on a machine that has time to spare.
    "--ignore-container-cpu-limit",
    # The tags are versions, which never change; Always would need the registry at each start of a pod.
    "--ignore-test=container-image-pull-policy",
)


def rendered() -> list[dict[str, Any]]:
    """Return the manifests as `kubectl kustomize` prints them: with namespace and tags."""
    kustomization = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
    tags = {image["name"]: image["newTag"] for image in kustomization["images"]}
    manifests = []
    for file in kustomization["resources"]:
        for manifest in yaml.safe_load_all((FOLDER / file).read_text("utf-8")):
            manifest["metadata"].setdefault("namespace", kustomization["namespace"])
            pod = manifest.get("spec", {}).get("template", {}).get("spec", {})
            for container in pod.get("containers", []):
                container["image"] += f":{tags[container['image']]}"
            manifests.append(manifest)
    return manifests


def test_nothing_is_critical_for_kube_score(tmp_path: Path) -> None:
    manifests = tmp_path / "manifests.yaml"
    manifests.write_text(yaml.safe_dump_all(rendered()), "utf-8")

    # It ends with an error if anything is critical.
    run(tool("kube-score"), "score", "--output-format=ci", *EXCEPTIONS, str(manifests))
