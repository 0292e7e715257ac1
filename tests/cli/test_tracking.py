"""The commands that look ahead and follow up, from the words on the command line to what is printed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Kpisim

pytestmark = pytest.mark.functional

TARGETS = """
- {name: bookings, kpi: revenue_booked, owner: An, versions: [{value: 9000, valid_from: 2027-01-01, reason: plan, author: Li, recorded_on: 2027-01-01}]}
- {name: new, kpi: new_customers, period: month, versions: [{value: 90, valid_from: 2027-01-01, reason: plan, author: Li, recorded_on: 2027-01-01}]}
"""
NOTE = "- {target: new, who: Li, when: 2027-06-08, why: no leads, next: a fair, by: 2027-06-09}"


@pytest.fixture
def orders(kpisim: Kpisim) -> str:
    """Return an export of half a year of orders, in the folder the command line runs in."""
    days = [date(2027, 1, 1) + timedelta(days=k) for k in range(165)]
    lines = [f"c{k % 12},{day},{100 + k % 7}" for k, day in enumerate(days) if day.weekday() < 5]
    Path("orders.csv").write_text("cust,date,value\n" + "\n".join(lines) + "\n", encoding="utf-8")
    Path("targets.yaml").write_text(TARGETS, encoding="utf-8")
    Path("notes.yaml").write_text(NOTE, encoding="utf-8")
    return "orders.csv"


@pytest.mark.parametrize(("lang", "words"), [("en", "expected"), ("zh", "预计全期")])
def test_forecast(kpisim: Kpisim, orders: str, lang: str, words: str) -> None:
    said = kpisim("forecast", orders, "--on", "2027-06-10", "--kpi", "revenue_booked", "--lang", lang)
    assert (said.code, said.err) == (0, "")
    assert words in said.out
    scored = kpisim("forecast", orders, "--backtest", "--kpi", "orders.booked", "--lang", lang)
    assert scored.code == 0
    assert len(re.findall(r"^  .*\d+\.\d ?% ", scored.out, flags=re.MULTILINE)) == 5


@pytest.mark.parametrize("more", [(), ("--backtest",)])
def test_where_nothing_has_a_day_nothing_is_forecast(kpisim: Kpisim, more: tuple[str, ...]) -> None:
    # A list of reps, and an export without a row, ended in a traceback or asked for another KPI.
    Path("firm").mkdir()
    Path("firm/meta.json").write_text('{"start": "2027-01-01", "end": "2028-01-01"}', encoding="utf-8")
    for name, row in (("reps", "rep_id\nR1"), ("orders", "order_id,account_id,booked,value")):
        Path(f"firm/{name}.csv").write_text(row + "\n", encoding="utf-8")
        said = kpisim("forecast", "firm", *more, "--lang", "en")
        assert (said.code, said.err) == (0, "")
        assert "Nothing here that adds up from days" in said.out


def test_a_period_without_an_open_day_left_gives_way_to_the_next(kpisim: Kpisim, orders: str) -> None:
    # 29 and 30 May are a weekend; the records of the day before know of no Saturday.
    asked = ("forecast", orders, "--kpi", "revenue_booked", "--by", "week", "--on")
    assert "Period 2027-05-24 to 2027-05-30" in kpisim(*asked, "2027-05-27").out
    assert "Period 2027-05-31 to 2027-06-06" in kpisim(*asked, "2027-05-28").out


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "Bookings: nothing recorded after 2027-03-31"), ("zh", "签约额：2027-03-31之后没有新增记录")],
)
def test_what_is_no_longer_written_down_is_not_forecast(kpisim: Kpisim, lang: str, words: str) -> None:
    days = [date(2027, 1, 1) + timedelta(days=k) for k in range(90)]
    rows = [(k, day, day + timedelta(days=60)) for k, day in enumerate(days)]
    Path("firm").mkdir()
    for name, heads, lines in (
        ("orders", "order_id,account_id,booked,value", [f"o{k},c{k % 9},{day},100" for k, day, _ in rows]),
        ("collections", "order_id,due,paid,amount", [f"o{k},{due},{due},100" for k, _, due in rows]),
    ):
        Path(f"firm/{name}.csv").write_text("\n".join([heads, *lines]) + "\n", encoding="utf-8")
    assert kpisim("import", "firm", "--yes", "-o", "firm.yaml").code == 0
    asked = ("forecast", "firm", "--mapping", "firm.yaml", "--lang", lang)
    said = kpisim(*asked)
    assert words in said.out
    assert re.search(r"^(?:Cash collected|回款额) +[1-9]", said.out, flags=re.MULTILINE)
    assert not re.search(r"^(?:Bookings|签约额) +\d", said.out, flags=re.MULTILINE)
    # Asked for by name or by day, it is made as of then.
    for more in (("--kpi", "revenue_booked"), ("--on", "2027-03-31")):
        assert re.search(r"^(?:Bookings|签约额) +\d", kpisim(*asked, *more).out, flags=re.MULTILINE)


@pytest.mark.parametrize(("lang", "words"), [("en", "neither a rep nor a team"), ("zh", "按全团队计")])
def test_track(kpisim: Kpisim, orders: str, lang: str, words: str) -> None:
    said = kpisim(
        "track",
        orders,
        "--targets",
        "targets.yaml",
        "--notes",
        "notes.yaml",
        "--on",
        "2027-06-10",
        "-o",
        "t.html",
        "--lang",
        lang,
    )
    assert (said.code, said.err) == (0, "")
    assert words in said.out
    assert "a fair" in said.out
    assert said.out.splitlines()[-1] == "t.html"
    page = Path("t.html").read_text(encoding="utf-8")
    assert "a fair" in page
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)


def test_gap_against_a_target_sums_to_it(kpisim: Kpisim, orders: str) -> None:
    said = kpisim("gap", orders, "--target", "5000")
    [booked] = re.findall(r"sum = bookings − target +([−+][\d,.]+)", said.out)
    # April and May are the last two whole months; 21 working days in May.
    assert "2027-05-01 to 2027-05-31 against 2027-04-01 to 2027-04-30" in said.out
    days = [date(2027, 1, 1) + timedelta(days=k) for k in range(165)]
    made = sum(100 + k % 7 for k, day in enumerate(days) if day.weekday() < 5 and day.month == 5)
    quarter = sum(100 + k % 7 for k, day in enumerate(days) if day.weekday() < 5 and day.month < 4)
    assert float(booked.replace(",", "").replace("−", "-")) in {made - 5000, quarter - 5000}


@pytest.mark.parametrize("begins", ["2027-01-01", "2027-01-08", "2027-01-11"])
def test_gap_to_a_target_of_a_quarter_has_the_whole_quarter_before_beside_it(
    kpisim: Kpisim, orders: str, begins: str
) -> None:
    # April to June have 91 days, January to March 90: 91 days before April no records were there.
    head, *lines = Path(orders).read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split(",")[1] >= begins]
    Path(orders).write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")
    said = kpisim("gap", orders, "--targets", "targets.yaml", "--on", "2027-06-10", "--lang", "en")
    assert said.code == 0
    if begins == "2027-01-11":
        # More than the first days of the quarter are missing.
        assert "No orders of two whole periods" in said.out
    else:
        assert f"2027-04-01 to 2027-06-10 against {begins} to 2027-03-31" in said.out


def test_review(kpisim: Kpisim, orders: str) -> None:
    said = kpisim("review", orders, "--quarter", "2027Q1", "--targets", "targets.yaml", "-o", "pack")
    assert (said.code, said.err) == (0, "")
    assert "1 Results" in Path("pack/review.html").read_text(encoding="utf-8")
    assert kpisim("review", orders, "--targets", "targets.yaml", "-o", "latest").code == 0
    assert "2027-Q1" in Path("latest/review.html").read_text(encoding="utf-8")
    assert not list(Path("pack/one_to_one").iterdir())  # an export without reps has nobody to talk to


def test_pulse_of_a_file_reads_no_names(kpisim: Kpisim) -> None:
    rows = [f"Zhang San {k},2027-03-0{1 + k % 2},{1 + k % 5}" for k in range(9)]
    Path("form.csv").write_text("name,answered,score\n" + "\n".join(rows), encoding="gb18030")
    said = kpisim("pulse", "form.csv", "-o", "p.html")
    assert (said.code, said.err) == (0, "")
    assert "stress pulse" in said.out
    assert "Zhang" not in said.out + Path("p.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("forecast", "orders.csv", "--kpi", "csat"), "does not add up from days"),
        (("forecast", "orders.csv", "--on", "2031-01-01"), "outside the records"),
        (("track", "orders.csv", "--targets", "nope.yaml"), "no such file"),
        (("track", "orders.csv", "--targets", "targets.yaml", "--notes", "targets.yaml"), "is no field here"),
        (("track", "orders.csv", "--rep", "Bo"), "no such rep"),
        (("track", "orders.csv", "--targets", "targets.yaml", "-o", "t.pdf"), "does not end in .html"),
        (("gap", "orders.csv", "--target", "nan"), "above 0"),
        (("gap", "orders.csv", "--targets", "notes.yaml"), "is not a target with versions"),
        (("review", "orders.csv", "--quarter", "spring"), "write it like 2027Q2"),
        (("review", "orders.csv", "--quarter", "2027Q1", "-o", "pack.html"), "give a folder such as pack"),
        (("review", "orders.csv", "--quarter", "2027Q1", "--decisions", "notes.yaml"), "is no field here"),
        (("load", "orders.csv"), "no tasks here"),
        (("pulse", "orders.csv"), "no pulse here"),
        (("pulse", "bad.csv"), "row 3: score 9 cannot be used; write it like 1–5"),
        (("pulse", "bad.csv", "--loop", "notes.yaml"), "row 3"),
        (("track", "orders.csv", "--targets", "onwer.yaml"), "onwer is no field here; did you mean owner?"),
        (
            ("track", "orders.csv", "--targets", "nokpi.yaml"),
            "kpi is missing; every entry says name, kpi, versions",
        ),
        (("track", "orders.csv", "--targets", "digits.yaml"), "9… is not a number; give one"),
        (("track", "orders.csv", "--targets", "word.yaml"), "does not hold a list; begin each entry"),
        (
            ("track", "orders.csv", "--targets", "from.yaml"),
            "valid_form is no field here; did you mean valid_from?",
        ),
        (("forecast", "orders.csv", "--kpi", "order.booked"), "did you mean orders.booked?"),
        (("forecast", "orders.csv", "--kpi", "revenue_boked"), "did you mean revenue_booked?"),
        (("gap", "orders.csv", "--on", "1990-01-01"), "outside the records"),
        (("gap", "orders.csv", "--options", "nowhere"), "no such scenario"),
        (("goals", "circle.yaml"), "serve each other in a circle"),
        (("cascade", "100", "--team", "=a"), "write the team and its reps"),
        (("pay", ".", "--start", "2027-01-01"), "add --rep"),
        (("pay", ".", "--rep", "R000", "--start", "May"), "--start: May is not a date"),
        (("kpi", "orders.csv", "--start", "yesterday"), "--start: yesterday is not a date"),
        (("kpi", "orders.csv", "--end", "2027-13-01"), "--end: 2027-13-01 is not a date"),
        (("pay", ".", "--rep", "R000", "-p", "incentive.commission_rate=0.1"), "leave --rep out"),
        (("load", "orders.csv", "--map", "word.yaml"), "does not hold a list"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_mistake_is_one_line(
    kpisim: Kpisim, orders: str, words: tuple[str, ...], told: str, lang: str
) -> None:
    version = "valid_from: 2027-01-01, reason: r, author: a, recorded_on: 2027-01-01"
    Path("onwer.yaml").write_text(
        f"- {{name: a, kpi: wins, onwer: Bo, versions: [{{value: 5, {version}}}]}}\n", encoding="utf-8"
    )
    Path("nokpi.yaml").write_text(f"- {{name: a, versions: [{{value: 5, {version}}}]}}\n", encoding="utf-8")
    Path("digits.yaml").write_text(
        f"- {{name: a, kpi: wins, versions: [{{value: {'9' * 400}, {version}}}]}}\n", encoding="utf-8"
    )
    wrong = version.replace("valid_from", "valid_form")
    Path("from.yaml").write_text(
        f"- {{name: a, kpi: wins, versions: [{{value: 5, {wrong}}}]}}\n", encoding="utf-8"
    )
    Path("word.yaml").write_text("hello\n", encoding="utf-8")
    Path("circle.yaml").write_text("- {text: a, parent: b, id: b}\n", encoding="utf-8")
    Path("bad.csv").write_text("answered,score\n2027-03-01,4\n2027-03-01,9\n", encoding="utf-8")
    said = kpisim(*words, "--lang", lang)
    assert (said.code, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1
    assert "Traceback" not in said.err
    if lang == "en":
        assert told in said.err
    else:
        assert re.search(r"[\u4e00-\u9fff]", said.err)
