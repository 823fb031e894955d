"""The checks of `.ci/csv`; see there. Each function takes a folder of a report and counts what it read."""

import configparser
import csv
import io
import json
import logging
import os
import re
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

import bleach
import markdown
from csvw import CSVW
from cvss import CVSS3, CVSS4
from dateutil.parser import parse
from frictionless import Package, system
from openpyxl import load_workbook

system.trusted = True  # Folders are named by absolute paths.
logging.disable(logging.WARNING)
counts, bad = Counter(), 0


def fault(text):
    global bad
    bad += 1
    print(text)


def table(path, separator=","):
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


def described(folder):
    """Every CSV with metadata: rows as csvw reads them."""
    for meta in sorted(folder.glob("*.csv-metadata.json")):
        path = folder / meta.name.removesuffix("-metadata.json")
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            read = CSVW(str(path), validate=True)
            rows = read.to_json(minimal=True)
        if not read.is_valid:
            fault(f"csvw {path}: not valid")
        for warning in told:
            if issubclass(warning.category, UserWarning):
                fault(f"csvw {path}: {warning.message}")
        about = json.loads(meta.read_text())
        names = [column["name"] for column in about["tableSchema"]["columns"]]
        plain = table(path, about["dialect"]["delimiter"])
        if plain[0] != names or any(len(row) != len(names) for row in plain):
            fault(f"{path}: heading or width differs from its metadata")
        if len(rows) != len(plain) - 1:
            fault(f"csvw {path}: {len(rows)} rows of {len(plain) - 1}")
        counts["csvw: tables"] += 1
        counts["csvw: rows"] += len(rows)


def formulas(folder):
    """No cell of any CSV file is one that a spreadsheet runs."""
    for path in sorted(folder.glob("*.csv")):
        head = path.read_bytes().decode("utf-8-sig").split("\n", 1)[0]
        for row in table(path, ";" if head.count(";") > head.count(",") else ","):
            for cell in row:
                if cell and cell[:1] in "=+-@\t\r\n＝＋－＠":
                    fault(f"{path}: a cell that a spreadsheet runs: {cell[:40]!r}")
                counts["formulas: cells"] += 1


def packaged(folder):
    package = folder / "datapackage.json"
    if package.exists():
        report = Package(str(package)).validate()
        for task in report.tasks:
            for error in task.errors[:5]:
                fault(f"frictionless {folder}/{task.name}: {error.message}")
        if not report.valid:
            fault(f"frictionless {package}: not valid {[error.message for error in report.errors][:5]}")
        counts["frictionless: tables"] += len(report.tasks)
        counts["frictionless: rows"] += sum(task.stats.get("rows", 0) for task in report.tasks)


# The formulas that the tool writes, and no other: days on the sheet to work on, counts on the summary.
FORMULAS = [
    r'=IF\(ISNUMBER\(([A-Z]+\d+)\),\1-TODAY\(\),""\)',
    r'=IF\(([A-Z]+\d+)="","",TODAY\(\)-DATE\(LEFT\(\1,4\),MID\(\1,6,2\),RIGHT\(\1,2\)\)\)',
    r"=(IF\(\$A\d+=\"\",\"\",)?SUMPRODUCT\(COUNTIFS\(('[^'!]+'![$A-Z:\d]+,(?:[^'()]|TODAY\(\))*)+\)\)?\)",
    r"=IFERROR\(INDEX\('[^'!]+'![$A-Z:\d]+,MATCH\(0,COUNTIF\([$A-Z:\d]+,'[^'!]+'![$A-Z:\d]+\)\+\('[^'!]+'![$A-Z:\d]+=\"\"\),0\)\),\"\"\)",
]


def workbooks(folder):
    """Every workbook opens, names itself, holds no error and no formula but the tool's, and counts what its rows say."""
    for path in sorted(folder.glob("*.xlsx")):
        book = load_workbook(path)
        if not book.properties.title:
            fault(f"openpyxl {path}: no title")
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    text = getattr(cell.value, "text", cell.value)
                    if cell.data_type == "e":
                        fault(f"openpyxl {path}: {sheet.title}!{cell.coordinate} is an error")
                    if cell.data_type == "f":
                        counts["openpyxl: formulas"] += 1
                        if not any(re.fullmatch(form, text) for form in FORMULAS):
                            fault(f"openpyxl {path}: {sheet.title}!{cell.coordinate} is a formula: {text[:60]}")
                counts["openpyxl: rows"] += 1
        counts["openpyxl: workbooks"] += 1
        if path.name == "findings.xlsx":
            summed(path)


# Headings of the sheet to work on, and what the summary calls findings without a score, by language.
WORDS = (
    ("Severity", "Result", "Status", "Decision", "not scored"),
    ("Schweregrad", "Ergebnis", "Bearbeitungsstand", "Entscheidung", "ohne Bewertung"),
)


def summed(path):
    """What the summary stores as open by severity is what the rows of the sheet to work on come to."""
    book = load_workbook(path, data_only=True)
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    words = next((words for words in WORDS if set(words[:4]) <= set(head)), None)
    if words is None:
        return fault(f"openpyxl {path}: headings of no known language")
    *names, unscored = words
    places = [head.index(name) for name in names]
    seen = [[row[at] for at in places] for row in rows]
    unsettled = ("fail", "review", "not_evaluable")
    for label, stored, _, decided in (row[:4] for row in book.worksheets[1].iter_rows(min_row=8, max_row=12, values_only=True)):
        of = [one for one in seen if (one[0] or unscored) == label and one[1] in unsettled and one[2] != "Fixed"]
        wanted = (sum(not one[3] for one in of), sum(bool(one[3]) for one in of))
        if (stored, decided) != wanted:
            fault(f"openpyxl {path}: {label} has {stored} open and {decided} decided, right is {wanted}")
        counts["openpyxl: counts recomputed"] += 1


def told(value):
    """A document with its moments in one spelling."""
    if isinstance(value, dict):
        return {key: told(one) for key, one in value.items()}
    if isinstance(value, list):
        return [told(one) for one in value]
    return value.replace("+00:00", "Z") if isinstance(value, str) else value


def oscal(folder):
    """compliance-trestle reads each document and writes it again without loss."""
    from trestle.oscal.assessment_results import AssessmentResults
    from trestle.oscal.poam import PlanOfActionAndMilestones

    kinds = {"oscal-assessment-results.json": AssessmentResults, "oscal-poam.json": PlanOfActionAndMilestones}
    for name, kind in kinds.items():
        path = folder / name
        if not path.exists():
            continue
        with tempfile.TemporaryDirectory() as work:
            again = Path(work) / name
            kind.oscal_read(path).oscal_write(again)
            if told(json.loads(path.read_text())) != told(json.loads(again.read_text())):
                fault(f"trestle {path}: comes back as another document")
        counts["trestle: documents"] += 1


def plan(folder):
    """The plan's workbook has the rows of its CSV, and compliance-trestle makes an OSCAL plan of it."""
    path = folder / "poam.xlsx"
    if not path.exists():
        return
    from trestle.tasks.base_task import TaskOutcome
    from trestle.tasks.xlsx_to_oscal_poam import XlsxToOscalPoam

    head = (folder / "poam.csv").read_bytes().decode("utf-8-sig").split("\n", 1)[0]
    rows = table(folder / "poam.csv", ";" if head.count(";") > head.count(",") else ",")
    wanted = {row[0]: [control.strip() for control in row[1].split(",")] for row in rows[1:]}
    sheet = load_workbook(path)["Open POA&M Items"]
    if [cell.value for cell in sheet[5]] != rows[0]:
        fault(f"{path}: row 5 has other headings than poam.csv")
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as work:
        config = configparser.ConfigParser()
        config["task"] = {"xlsx-file": str(path), "output-dir": work, "title": "plan", "version": "1", "system-id": "org", "validate": "on"}
        if XlsxToOscalPoam(config["task"]).execute() != TaskOutcome.SUCCESS:
            return fault(f"trestle {path}: refused")
        made = json.loads(next(Path(work).glob("*.json")).read_text())["plan-of-action-and-milestones"]
    found = {}
    for item in made["poam-items"]:
        props = [(prop["name"], prop["value"]) for prop in item["props"]]
        found[dict(props)["poam-id"]] = [value for name, value in props if name == "control-id"]
    if found != wanted:
        fault(f"trestle {path}: items or controls are lost")
    if any(not risk.get("deadline") for risk in made["risks"] if any(p["name"] == "original-risk-rating" for p in risk.get("props", []))):
        fault(f"trestle {path}: a rated item without a day")
    counts["trestle: items of poam.xlsx"] += len(found)


# What DefectDojo's renderer lets through.
TAGS = set("h1 h2 h3 h4 h5 h6 b i strong em tt table thead th tbody tr td p br pre div span blockquote code hr ul ol li dd dt img a sub sup center".split())
ATTRIBUTES = {"*": ["id"], "img": ["src", "alt", "title"], "a": ["href", "alt", "target", "title"]}
EXTENSIONS = ["nl2br", "sane_lists", "codehilite", "fenced_code", "toc", "tables"]
FIELDS = {"title": 511, "unique_id_from_tool": 500, "vuln_id_from_tool": 500, "component_name": 500, "service": 200, "cvssv3": 117, "cvssv4": 255, "sast_source_file_path": 4000}


def rendered(text, where):
    """Our texts have paragraphs and line breaks; anything else in the page is markup that an org brought in."""
    html = bleach.clean(markdown.markdown(text, extensions=EXTENSIONS), tags=TAGS, attributes=ATTRIBUTES)
    tags = set(re.findall(r"<(\w+)", html)) - {"p", "br"}
    if tags:
        fault(f"defectdojo {where}: renders {sorted(tags)} of {text[:60]!r}")


def defectdojo(folder):
    """What the generic import takes, and what it takes for one finding; a byte order mark is text for it."""
    path = folder / "defectdojo.csv"
    if not path.exists():
        return
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))
    findings = json.loads((folder / "defectdojo.json").read_text())["findings"]
    for row in rows:
        parse(row["Date"])
        int(row["CweId"])
        if row["Severity"] not in {"Info", "Low", "Medium", "High", "Critical"}:
            fault(f"{path}: severity {row['Severity']}")
        if "MitigatedDate" in row:
            parse(row["MitigatedDate"])
        for heading in ["Description", "Mitigation", "Impact", "References"]:
            rendered(row[heading], path)
    for finding in findings:
        for field, most in FIELDS.items():
            if len(finding.get(field, "")) > most:
                fault(f"{path}: {field} is longer than {most}")
        for vector, score, kind in [("cvssv3", "cvssv3_score", CVSS3), ("cvssv4", "cvssv4_score", CVSS4)]:
            if finding.get(vector) and finding[score] not in scores(kind(finding[vector])):
                fault(f"{path}: {finding[vector]} does not give {finding[score]}")
    same = [(row["Title"], row["CweId"], row["Description"]) for row in rows]
    if len(set(same)) != len(rows):
        fault(f"{path}: rows that the import takes for one")
    if [(one["title"], str(one["cwe"]), one["description"]) for one in findings] != same:
        fault(f"{path}: the JSON file names other findings")
    counts["defectdojo: findings of each file"] += len(rows)
    if os.environ.get("DEFECTDOJO"):
        from tables_dojo import imported

        for name in ["defectdojo.csv", "defectdojo.json", "findings.sarif"]:
            if (folder / name).exists():
                counts[f"defectdojo's parser: {name}"] += imported(folder / name, fault)


def scores(vector):
    found = [vector.scores()[-1]] if isinstance(vector, CVSS3) else [vector.base_score]
    return [float(score) for score in found]


def main():
    for name in sys.argv[1:]:
        root = Path(name)
        for folder in [root, *sorted(path for path in root.glob("orgs/*") if path.is_dir())]:
            for check in [described, formulas, packaged, workbooks, oscal, plan, defectdojo]:
                check(folder)
            counts["folders"] += 1
    for what, number in counts.items():
        print(f"{what}: {number}")
    print(f"{bad} faults" if bad else "nothing found")
    return 1 if bad else 0


sys.exit(main())
