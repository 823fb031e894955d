"""The year of .ci/year: edits, merges, comparisons. Prints what was compared, and fails when something of people is gone."""

import datetime
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill

SHR, SAMPLES, WORK = (Path(argument).resolve() for argument in sys.argv[1:4])
APPS = ["Dock_Gateway", "Claims_Intake", "Order_Intake", "Partner_Lookup", "Invoice_Archive"]
EXCELJS = (WORK / "node_modules" / "exceljs").is_dir()
OFFICE = shutil.which("soffice") is not None
PEOPLE = ["Owner", "Status", "Due", "Ticket", "Comments", "Decision", "Accepted until"]
OWN = ["Days to fix", "Cost EUR", "Call at", "Seen", "Done"]
TABLES = ["Criteria", "Population", "OAuth chapter"]


def snapshot(month):
    """The sample as it is in a month: one app is mended, another broken, a third comes and goes."""
    folder = WORK / "org" / "halden-prod"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SAMPLES / "halden-prod", folder)
    off = APPS[month % len(APPS)]
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix == ".xml":
            text = path.read_text(encoding="utf-8")
            if f"<externalClientApplication>{off}</externalClientApplication>" in text:
                path.write_text(text.replace("FlowEnabled>true<", "FlowEnabled>false<"), encoding="utf-8")
    rows = folder / "exports" / "ExtlClntAppOauthPlcyCnfg.json"
    table = json.loads(rows.read_text(encoding="utf-8"))
    for row in table["result"]["records"]:
        if row["ExternalClientApplication"]["DeveloperName"] == off:
            row["IsClientCredentialsFlowEnabled"] = False
    rows.write_text(json.dumps(table), encoding="utf-8")
    if month in (1, 2, 3, 7, 8):
        for path in list(folder.rglob("Yard_Scheduler*")):
            path.unlink()
    return folder


def shr(*arguments, codes=(0, 1, 3)):
    done = subprocess.run([SHR, *arguments], capture_output=True, text=True)
    if done.returncode not in codes:
        sys.exit(f"shr {' '.join(map(str, arguments))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def review(month, day):
    engagement = WORK / "engagement.toml"
    text = (SAMPLES / "engagement.toml").read_text(encoding="utf-8")
    engagement.write_text(text.replace("snapshot_at = 2026-11-16", f"snapshot_at = {day}"), encoding="utf-8")
    out = WORK / f"r{month}"
    shr("review", snapshot(month), "--engagement", engagement, "-o", out, "--format", "json,xlsx", "--as-of", day)
    return out


def work_sheet(book):
    return next(sheet for sheet in book.worksheets if any(cell.value == "Finding" for cell in sheet[1]))


def columns(sheet):
    return {cell.value: cell.column for cell in sheet[1] if cell.value}


def edit_openpyxl(path, month):
    """Types into people's cells, and gives the workbook what teams give it."""
    book = openpyxl.load_workbook(path)
    sheet = work_sheet(book)
    at = columns(sheet)
    for name in OWN:
        if name not in at:
            place = sheet.max_column + 1
            sheet.cell(1, place, name).font = Font(bold=True)
            at[name] = place
    for row in range(2, sheet.max_row + 1):
        if not sheet.cell(row, at["Finding"]).value:
            continue
        turn = (row + month) % 4
        sheet.cell(row, at["Owner"], ["Ada", "Bea", "Jörg Bäcker", "=1+1 is no formula here"][turn]).data_type = "s"
        sheet.cell(row, at["Status"], ["Open", "In Progress", "Blocked", "Open"][turn])
        cell = sheet.cell(row, at["Due"], datetime.date(2026, 1 + (row + month) % 12, 1 + row % 27))
        cell.number_format = "dd.mm.yyyy"
        sheet.cell(row, at["Ticket"], f"HF-{month:02}{row:03}")
        sheet.cell(row, at["Comments"], f"month {month}\nwith a second line, row {row}, 00{row}")
        sheet.cell(row, at["Days to fix"], f'=IF(I{row}="","",I{row}-DATE(2026,1,1))')
        sheet.cell(row, at["Cost EUR"], -1250.5 + row).number_format = '#,##0.00 "EUR"'
        sheet.cell(row, at["Call at"], datetime.time(9, 15)).number_format = "hh:mm"
        sheet.cell(row, at["Seen"], datetime.datetime(2026, 3, 1, 14, 30)).number_format = "yyyy-mm-dd hh:mm"
        sheet.cell(row, at["Done"], turn == 0)
        sheet.cell(row, at["Owner"]).fill = PatternFill("solid", fgColor="FFFFF2CC")
    noted = sheet.cell(2 + month % 3, at["Owner"])
    noted.comment = Comment(f"month {month}: please ask Bea first", "Ada")
    sheet.column_dimensions["F"].width = 40 + month
    sheet.column_dimensions["E"].hidden = month % 2 == 0
    red = PatternFill("solid", bgColor="FFFFC7CE")
    sheet.conditional_formatting.add(f"I2:I{sheet.max_row}", CellIsRule(operator="lessThan", formula=["TODAY()"], fill=red))
    own = book.create_sheet(f"Meeting {month:02}")
    own["A1"], own["A2"], own["B2"] = "typed by people", f"=COUNTA('{sheet.title}'!A2:A99)", month
    book.save(path)


EDIT_EXCELJS = """
const ExcelJS = require('exceljs');
const [path, month] = process.argv.slice(2);
(async () => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  const sheet = book.worksheets.find(one => one.getRow(1).values.includes('Finding'));
  const at = {};
  sheet.getRow(1).eachCell((cell, column) => { at[cell.value] = column; });
  sheet.eachRow((row, number) => {
    if (number === 1 || !row.getCell(at['Finding']).value) return;
    row.getCell(at['Comments']).value = `exceljs in month ${month}, row ${number}`;
    row.getCell(at['Owner']).font = { italic: true };
  });
  sheet.getCell(2, at['Ticket']).note = `exceljs ${month}`;
  book.addWorksheet(`exceljs ${month}`).getCell('A1').value = { formula: '1+1', result: 2 };
  await book.xlsx.writeFile(path);
})();
"""


def edit_exceljs(path, month):
    script = WORK / "edit.js"
    script.write_text(EDIT_EXCELJS, encoding="utf-8")
    subprocess.run(["node", script, path, str(month)], check=True, cwd=WORK)


def edit_office(path, _):
    out = WORK / "office"
    profile = f"-env:UserInstallation=file://{WORK}/profile"
    command = ["soffice", profile, "--headless", "--norestore", "--convert-to", "xlsx", "--outdir", out, path]
    subprocess.run(command, check=True, capture_output=True)
    shutil.copy(out / path.name, path)


def look(cell):
    fill, font = cell.fill, cell.font
    return (cell.number_format, fill.fill_type, fill.fgColor.rgb, font.bold, font.italic, cell.protection.locked)


def theirs(path):
    """What is people's in a workbook: typed cells with type, look and note, by finding and heading; sheets; settings."""
    book = openpyxl.load_workbook(path)
    sheet = work_sheet(book)
    at = columns(sheet)
    cells, looks, notes = {}, {}, {}
    for row in range(2, sheet.max_row + 1):
        finding = sheet.cell(row, at["Finding"]).value
        for name in [name for name in PEOPLE + OWN if name in at]:
            cell = sheet.cell(row, at[name])
            if finding and cell.value is not None:
                cells[finding, name] = (cell.data_type, cell.value)
                looks[finding, name] = look(cell)
            if finding and cell.comment:
                notes[finding, name] = cell.comment.text
    other = {
        (one.title, cell.coordinate): (cell.data_type, getattr(cell.value, "text", cell.value))
        for one in book.worksheets
        if one.title not in (sheet.title, "Summary", "Findings", *TABLES)
        for line in one.iter_rows()
        for cell in line
        if cell.value is not None
    }
    settings = {
        "sheets": book.sheetnames,
        "widths": {key: (one.width, one.hidden, one.outlineLevel) for key, one in sorted(sheet.column_dimensions.items())},
        "frozen": sheet.freeze_panes,
        "rules": sorted(str(rule.type) for rules in sheet.conditional_formatting for rule in rules.rules),
        "checks": len(sheet.data_validations.dataValidation),
    }
    return cells, looks, notes, other, settings


def shown(path):
    """What the sheets of the tool show, and the results on its summary."""
    book = openpyxl.load_workbook(path)
    tables = {name: [row for row in book[name].iter_rows(values_only=True) if any(row)] for name in TABLES}
    results = [row[:7] for row in book["Summary"].iter_rows(values_only=True)]
    start = next(at for at, row in enumerate(results) if row[0] == "org_key")
    return tables | {"Summary": [row for row in results[start:] if any(row)]}


def stated(path):
    """What the sheet of findings says, by finding, and the findings of the sheet to work on."""
    book = openpyxl.load_workbook(path)
    sheet, work = book["Findings"], work_sheet(book)
    ids = {work.cell(row, columns(work)["Finding"]).value for row in range(2, work.max_row + 1)} - {None}
    return {row[0]: row for row in sheet.iter_rows(values_only=True) if row[0]}, ids


def parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def main():
    counted = {"typed cells": 0, "looks": 0, "notes": 0, "cells of other sheets": 0, "parts": 0, "formulas": 0, "rows of the tool": 0}
    tools = [("openpyxl", edit_openpyxl)]
    tools += [("LibreOffice", edit_office)] if OFFICE else []
    tools += [("exceljs", edit_exceljs)] if EXCELJS else []
    used = dict.fromkeys((name for name, _ in tools), 0)
    tracker = WORK / "tracker.xlsx"
    lost = []
    for month in range(12):
        day = f"2026-{month + 1:02}-28"
        run = review(month, day)
        if month == 0:
            shutil.copy(run / "findings.xlsx", tracker)
        else:
            before, raw = theirs(tracker), parts(tracker)
            merged = WORK / "merged.xlsx"
            shr("track", tracker, "--from", run, "-o", merged, "--force", "--as-of", day)
            after, now = theirs(merged), parts(merged)
            for what, old, new in zip(("typed cell", "look", "note", "cell of another sheet"), before, after):
                lost += [f"{day} {what} {key}: {old[key]} is {new.get(key)}" for key in old if new.get(key) != old[key]]
            lost += [f"{day} {key}: {before[4][key]} is {after[4][key]}" for key in before[4] if before[4][key] != after[4][key]]
            changed = [name for name in raw if raw[name] != now.get(name)]
            ours = ("workbook.xml", "calcChain.xml")
            foreign = [name for name in changed if not (name.endswith(ours) or "worksheets/sheet" in name or "tables/" in name)]
            lost += [f"{day} part {name} changed" for name in foreign]
            current, fresh = shown(merged), shown(run / "findings.xlsx")
            lost += [f"{day} {name} is not that of the run" for name in fresh if current[name] != fresh[name]]
            (found, ids), (of_run, _) = stated(merged), stated(run / "findings.xlsx")
            lost += [f"{day} Findings: {key} is not that of the run" for key in of_run if found.get(key) != of_run[key]]
            if found.keys() - {"finding_id"} != ids:
                lost.append(f"{day} Findings has not the findings of the tracker")
            counted["rows of the tool"] += len(found)
            counted["rows of the tool"] += sum(len(rows) for rows in fresh.values())
            again = WORK / "again.xlsx"
            said = shr("track", merged, "--from", run, "-o", again, "--force", "--as-of", day)
            if not said.startswith("Nothing changed."):
                lost.append(f"{day} a second merge says: {said[:200]}")
            counted["typed cells"] += len(before[0])
            counted["formulas"] += sum(kind == "f" for kind, _ in before[0].values())
            counted["looks"] += len(before[1])
            counted["notes"] += len(before[2])
            counted["cells of other sheets"] += len(before[3])
            counted["parts"] += len(raw)
            shutil.copy(merged, tracker)
        for name, edit in tools:
            # exceljs reads no file that openpyxl has just written, but what LibreOffice has made of it.
            due = {"openpyxl": True, "LibreOffice": month % 3 < 2, "exceljs": month % 3 == 0 and OFFICE}[name]
            if due:
                edit(tracker, month)
                used[name] += 1
    print("edited with " + ", ".join(f"{name} {times} times" for name, times in used.items()))
    print("compared over eleven merges: " + ", ".join(f"{number} {what}" for what, number in counted.items()))
    for line in lost[:40]:
        print(line)
    print(f"{len(lost)} lost")
    sys.exit(1 if lost else 0)


main()
