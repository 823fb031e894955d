"""Runs the parsers of a clone of DefectDojo without its application: what they import of it is stood in for here."""

import importlib
import os
import sys
import types
from pathlib import Path


class Finding:
    """Takes the fields of DefectDojo's model and no others."""

    def __init__(self, **fields):
        self.unsaved_vulnerability_ids = self.unsaved_cwes = None
        self.unsaved_locations, self.unsaved_endpoints = [], []
        self.cve = None
        self.__dict__.update(fields)


def module(name, **names):
    made = types.ModuleType(name)
    made.__dict__.update(names)
    made.__path__ = []
    sys.modules[name] = made


def stand_in():
    clone = Path(os.environ["DEFECTDOJO"])
    settings = types.SimpleNamespace(V3_FEATURE_LOCATIONS=False)
    for name in ["django", "django.core", "django.core.files", "django.utils"]:
        module(name)
    module("django.conf", settings=settings)
    module("django.core.files.base", ContentFile=bytes)
    module("django.utils.translation", gettext=lambda text: text)
    for name in ["dojo", "dojo.tools", "dojo.finding"]:
        module(name)
        sys.modules[name].__path__ = [str(clone / name.replace(".", "/"))]
    module("dojo.models", Finding=Finding, Endpoint=None, FileUpload=None)
    module("dojo.tools.locations", LocationData=None)


def imported(path, fault):
    """How many findings a file gives; those of a failing app must not arrive as closed."""
    if "dojo" not in sys.modules:
        stand_in()
    if path.suffix == ".sarif":
        parser = importlib.import_module("dojo.tools.sarif.parser").SarifParser()
    else:
        parser = importlib.import_module("dojo.tools.generic.parser").GenericParser()
    with path.open("rb") as file:
        found = parser.get_findings(file, None)
    for finding in found:
        if not finding.title or not finding.description or len(finding.title) > 511:
            fault(f"defectdojo {path}: title or description of {finding.title[:60]!r}")
        if path.suffix == ".sarif" and finding.line is None:
            fault(f"defectdojo {path}: {finding.title[:60]!r} has no line")
    ids = [(finding.title, finding.description, getattr(finding, "service", None), finding.__dict__.get("line"), finding.__dict__.get("file_path")) for finding in found]
    if len(set(ids)) != len(ids):
        fault(f"defectdojo {path}: findings that it takes for one")
    return len(found)
