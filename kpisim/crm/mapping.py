"""The mapping file: which file and column of an export becomes which column of which table.

A mapping is YAML that somebody who knows the export, and no Python, can write.  Column names may be Chinese.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path, PurePath, PureWindowsPath
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, field_validator, model_validator

from kpisim.crm.lines import BEGINS
from kpisim.scenario.fields import Section, broken, par
from kpisim.tables.schema import TABLES
from kpisim.text import Text, UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER = Path(__file__).parent / "mappings"
EMPTY, FILLED = "empty", "not empty"
Cell = str | int | float | bool
Words = Annotated[tuple[Cell, ...], Field(min_length=1)]


class Rule(Section):
    """If all conditions hold, the value is `then`; rules are tried from the top."""

    when: dict[str, Cell | Words] = par(
        (),
        unit="column: condition",
        en="Column -> 'empty', 'not empty', a value, or a list of values",
        zh="条件：列 -> empty（为空）、not empty（非空）、某值或值列表",
    )
    then: Cell = par("", unit="value", en="Value if all conditions hold", zh="条件全部满足时的取值")


class Walk(Section):
    """The date of each row of a log that is in order of date: the next day with this month and weekday."""

    since: date = par(date(2000, 1, 1), unit="date", en="No row is earlier", zh="最早的日期")
    month: str = par("", unit="column", min_length=1, en="Column of the month, e.g. may", zh="月份所在列")
    weekday: str = par("", unit="column", min_length=1, en="Column of the weekday, e.g. mon", zh="星期所在列")


class Source(Section):
    """Where a column's cells come from: one of column, first, constant, rules, number, walk."""

    column: str | None = par(None, unit="column", en="Column of the export", zh="导出文件中的列")
    first: tuple[str, ...] = par(
        (), unit="columns", en="First of these columns that is not empty", zh="取第一个非空的列"
    )
    constant: Cell | None = par(None, unit="value", en="The same value in every row", zh="固定值")
    rules: tuple[Rule, ...] = par(
        (),
        unit="rules",
        en="Rules, first match wins; no match leaves the cell empty",
        zh="规则：自上而下，首个满足者生效；均不满足则为空",
    )
    number: str | None = par(
        None,
        unit="text",
        en="Row number in a text, e.g. 'O{row}', for exports without an id",
        zh="用行号生成编号，如 'O{row}'（导出文件没有编号时）",
    )
    map: dict[Cell, Cell | None] = par(
        (),
        unit="value: value",
        en="Values of the export -> values of the table",
        zh="取值对照：导出文件的值 -> 表中的值",
    )
    lookup: str | None = par(
        None,
        unit="name",
        en="Look-up list (see lookups) that the column's codes are translated through",
        zh="把该列的代码翻译成名称所用的对照表（见 lookups）",
    )
    take: str | None = par(
        None,
        unit="column",
        en="Column of the look-up list to take instead of the code",
        zh="取对照表的哪一列代替代码",
    )
    otherwise: Literal["code", "empty"] = par(
        "code",
        unit="word",
        en="What stands for a code that the look-up list does not know: the code, or nothing (a customer is no rep)",
        zh="对照表中查不到时：code 保留原代码，empty 留空（如按客户查负责人）",
    )
    other: Cell | None = par(
        None,
        unit="value",
        en="Value for anything not in map; without it such a value is an error",
        zh="对照表以外的值一律取此值；不填则报错",
    )
    factor: float = par(
        1.0,
        unit="number",
        gt=0,
        en="What numbers are multiplied by, e.g. 10000 for a column in 10,000 yuan (万元)",
        zh="数值乘以的倍数，如单位为万元的列填 10000",
    )
    format: str | None = par(
        None,
        unit="format",
        en="Date format, e.g. '%d/%m/%Y'; year-month-day needs none; excel reads day numbers such as 46414",
        zh="日期格式，如 '%d/%m/%Y'；年月日顺序无需填写；excel 表示日期是 46414 这样的序列号",
    )
    decimal: Literal[".", ","] = par(
        ".",
        unit="character",
        en="Decimal sign of numbers in text; ',' reads 1.234,50 as 1234.5",
        zh="文本数字的小数点；填 ',' 时 1.234,50 读作 1234.5",
    )

    walk: Walk | None = par(
        None,
        unit="section",
        en="Dates of a log in order of date that names only month and weekday",
        zh="日志按日期先后排列、只写月份和星期几时，由此推出日期",
    )

    @model_validator(mode="after")
    def _one_source(self) -> Source:
        given = [
            name
            for name in ("column", "first", "constant", "rules", "number", "walk")
            if getattr(self, name) not in (None, ())
        ]
        if len(given) != 1:
            raise broken("", "give exactly one of column, first, constant, rules, number, walk")
        if (self.lookup is None) != (self.take is None) or (self.lookup and not (self.column or self.first)):
            raise broken("", "lookup goes with column and take; write column: Code, lookup: reps, take: Name")
        return self

    def columns(self) -> list[str]:
        """Return the columns of the export that must be there."""
        named = [self.column] if self.column is not None else [*self.first]
        if self.walk is not None:
            named += [self.walk.month, self.walk.weekday]
        return list(dict.fromkeys([*named, *(column for rule in self.rules for column in rule.when)]))


def _in_full(given: Any) -> Any:
    """Read ``booked: 签约日期`` as ``booked: {column: 签约日期}``."""
    return {"column": given} if isinstance(given, str) else given


Written = Annotated[Source, BeforeValidator(_in_full)]
"""A source as people write it: the name of a column alone will do."""


class Stages(Section):
    """Stage changes out of date columns: one row per date that is filled in."""

    opportunity_id: str = par(
        "", unit="column", min_length=1, en="Column of the opportunity", zh="商机编号所在列"
    )
    stages: dict[str, str] = par(
        (),
        unit="stage: column",
        en="Stage -> column with the date it was entered",
        zh="阶段 -> 进入该阶段日期所在列",
    )
    rep_id: Written | None = par(
        None, unit="column", en="Column of the rep, or a source", zh="销售代表所在列或取值方式"
    )
    format: str | None = par(None, unit="format", en="Date format", zh="日期格式")
    formats: dict[str, str] = par(
        (),
        unit="column: format",
        en="Date format of a column that has another one",
        zh="写法不同的列各自的日期格式",
    )


class Periods(Section):
    """Targets out of columns that are called after periods, or a row each with the period in a column of its own."""

    columns: dict[str, str] = par(
        (),
        unit="column: period",
        en="Column -> period: 2027-03, 2027Q2, 2027H1 or 2027",
        zh="列 -> 期间：2027-03、2027Q2、2027H1 或 2027",
    )
    period: str | None = par(
        None,
        unit="column",
        en="Column that says the period of each row (2027-03, 3月, Q2, a date of the month), where a row is one target",
        zh="每行一个目标时，写明期间的列（2027-03、3月、Q2 或当月日期）",
    )
    target: str | None = par(
        None, unit="column", en="Column of the target of such a row", zh="该行目标值所在列"
    )
    year: int | None = par(
        None,
        unit="year",
        ge=2000,
        le=2099,
        en="Year of periods that do not name theirs",
        zh="期间未写年份时的年份",
    )
    kpi: str = par("revenue_booked", unit="name", en="KPI that the targets are for", zh="目标所属的KPI")
    kpi_column: str | None = par(
        None,
        unit="column",
        en="Column that says which KPI a row is for; kpis translates its words",
        zh="写明指标的列，由 kpis 对照",
    )
    kpis: dict[str, str] = par((), unit="word: KPI", en="Words of that column -> KPI", zh="该列的词 -> KPI")
    rep_id: Written = par(
        Source(column="rep_id"),
        unit="column",
        en="Column of the rep, or a source",
        zh="销售代表所在列或取值方式",
    )
    factor: float = par(
        1.0,
        unit="number",
        gt=0,
        en="What the targets are multiplied by, e.g. 10000 where they are in 10,000 yuan (万元)",
        zh="目标值乘以的倍数，如单位为万元填 10000",
    )
    decimal: Literal[".", ","] = par(
        ".", unit="character", en="Decimal sign of numbers in text", zh="文本数字的小数点"
    )

    def needed(self) -> list[str]:
        """Return the columns of the export that must be there."""
        told = [name for name in (self.period, self.target, self.kpi_column) if name is not None]
        return [*dict(self.columns), *told, *self.rep_id.columns()]


class Laid(Section):
    """Where the cells of a file stand."""

    sheet: str | tuple[str, ...] | None = par(
        None,
        unit="name",
        en="Sheet of an Excel workbook, or several, or '*' for all that have the columns; the first one by default",
        zh="Excel工作表名，可写多个；'*' 表示所有含所需列的工作表（默认第一张）",
    )
    separator: str | None = par(
        None,
        unit="character",
        min_length=1,
        max_length=1,
        en="Character between cells of this CSV file; by default that of the mapping",
        zh="这个CSV文件的分隔符（默认同整个映射）",
    )


def _within(patterns: Any) -> Any:
    """Refuse what cannot be looked for in the folder of an export."""
    each = (patterns,) if isinstance(patterns, str) else patterns
    if not each or not all(map(_relative, each)):
        raise broken("", "not a name or pattern within the folder of the export; write e.g. orders*.csv")
    return patterns


def _relative(pattern: str) -> bool:
    parts = PurePath(pattern).parts
    # A mapping written on Windows is read elsewhere too.
    anchored = PurePath(pattern).anchor or PureWindowsPath(pattern).anchor
    return bool(parts) and not anchored and not any("**" in part and part != "**" for part in parts)


class Lookup(Laid):
    """A list that codes of other files are translated through, e.g. the number of a rep into the name."""

    file: Annotated[str, AfterValidator(_within)] = par(
        "", unit="glob", min_length=1, en="Its file name or pattern", zh="文件名或通配符"
    )
    key: str = par(
        "",
        unit="column",
        min_length=1,
        en="Column with the codes; each may stand once",
        zh="代码所在列，每个代码只能出现一次",
    )

    alike: bool = par(
        False,
        unit="yes/no",
        en="Whether codes are the same that differ only by zeros before them, capitals and blanks, e.g. 17 and 0017",
        zh="只差前导零、大小写或空格的代码是否视为相同，如 17 与 0017",
    )

    def needed(self) -> list[str]:
        """Return the columns of the list that must be there."""
        return [self.key]


class TableMap(Laid):
    """How one table is read."""

    file: Annotated[str | tuple[str, ...], AfterValidator(_within)] = par(
        "*.csv",
        unit="glob",
        en="File name or pattern; several files of one layout are read one after the other",
        zh="文件名或通配符；同一格式的多个文件依次读取",
    )
    where: dict[str, Cell | Words] = par(
        (),
        unit="column: condition",
        en="Rows to take: those for which all conditions hold; those dropped for an empty cell are counted",
        zh="只取条件全部满足的行；因空单元格剔除的行会计数说明",
    )
    without: dict[str, Cell | Words] = par(
        (),
        unit="column: value",
        en="Rows to leave out, e.g. cancelled orders, if one of the conditions holds; they are counted",
        zh="剔除的行（如已取消的订单）：满足任一条件即剔除，会计数说明",
    )
    columns: dict[str, Written] = par(
        (),
        unit="column: source",
        en="Column of the table -> column of the export, or a source",
        zh="表的列 -> 导出文件的列或取值方式",
    )
    dates: Stages | None = par(
        None,
        unit="section",
        en="For stage_changes: stages out of date columns",
        zh="用于 stage_changes：由各日期列生成阶段变更",
    )
    periods: Periods | None = par(
        None,
        unit="section",
        en="For targets: a row each out of columns called after periods (1月, Q2, Mar-27)",
        zh="用于 targets：由以期间命名的列（1月、Q2、Mar-27）生成各期目标",
    )
    distinct: bool = par(
        False,
        unit="yes/no",
        en="Take each key once and skip empty ones (customers or reps named in another list)",
        zh="按主键去重并跳过空值（如从商机清单提取客户、销售代表）",
    )
    lines: Literal["none", "add", "first"] = par(
        "none",
        unit="word",
        en="Whether rows are parts of an order or opportunity, e.g. one a product: with add the amounts of rows with one key are added up, with first each repeats the amount of the whole (of bills, what was received is added up); none refuses a key that comes again",
        zh="一单是否占多行（如每个产品一行）：add 同一编号各行金额相加；first 每行都写整单金额，只计一次（应收表的已收金额仍逐行相加）；none 编号不得重复",
    )
    fill_down: tuple[str, ...] = par(
        (),
        unit="columns",
        en="Columns that are written in the first row of an order only: an empty cell takes what stands above it",
        zh="只在每单首行填写的列：空单元格取上一行的内容",
    )
    negative: dict[str, Cell | Words] = par(
        (),
        unit="column: value",
        en="Rows whose amounts count against, written without a minus in the export: returns, credit notes",
        zh="金额应作负数的行：导出文件中写成正数的退货、红字单",
    )
    optional: bool = par(False, unit="yes/no", en="Whether the file may be missing", zh="文件是否可缺")

    def sources(self) -> dict[str, Source]:
        """Return every column of the table with its source."""
        return dict(self.columns)

    def needed(self) -> list[str]:
        """Return the columns of the export that must be there."""
        named = [column for source in self.sources().values() for column in source.columns()]
        named += [*dict(self.where), *dict(self.without), *dict(self.negative), *self.fill_down]
        if self.dates is not None:
            named += [self.dates.opportunity_id, *dict(self.dates.stages).values()]
            named += self.dates.rep_id.columns() if self.dates.rep_id is not None else []
        if self.periods is not None:
            named += self.periods.needed()
        return list(dict.fromkeys(named))

    def must(self, table: str) -> set[str]:
        """Return the columns of the export without which a row of `table` says nothing."""
        required = {column.name for column in TABLES[table].columns if column.required}
        named = [
            column
            for name, source in self.sources().items()
            if name in required
            for column in source.columns()
        ]
        if self.dates is not None:
            named.append(self.dates.opportunity_id)
        if self.periods is not None:
            alone = [name for name in (self.periods.period, self.periods.target) if name is not None]
            named += [*alone, *self.periods.rep_id.columns()]
        return {*named, *dict(self.where), *dict(self.without), *dict(self.negative)}


class Mapping(Section):
    """A mapping file.  Frozen.

    Examples
    --------
    >>> Mapping.parse({"tables": {"reps": {"columns": {"rep_id": "负责人"}}}}).tables["reps"].needed()
    ['负责人']
    """

    name: str = par("mapping", unit="name", min_length=1, max_length=80, en="Name", zh="名称")
    title_en: str = par("", unit="text", max_length=200, en="One line in English", zh="英文说明")
    title_zh: str = par("", unit="text", max_length=200, en="One line in Chinese", zh="中文说明")
    encoding: str = par(
        "auto",
        unit="encoding",
        min_length=1,
        en="utf-8, gb18030, or auto: UTF-8, else GB18030",
        zh="编码：utf-8、gb18030 或 auto（先UTF-8，再GB18030）",
    )
    separator: str = par(
        ",",
        unit="character",
        min_length=1,
        max_length=1,
        en="Character between cells of a CSV file",
        zh="CSV分隔符",
    )
    currency: str = par("CNY", unit="code", min_length=1, max_length=8, en="Currency of all money", zh="货币")
    start: date | None = par(
        None,
        unit="date",
        en="First day of the window; the first date of the data by default",
        zh="统计期第一天（默认数据中的第一个日期）",
    )
    end: date | None = par(
        None,
        unit="date",
        en="First day after the window; the day after the last date by default",
        zh="统计期结束后的第一天（默认最后日期的次日）",
    )
    hours_per_day: float = par(8.0, unit="h/day", gt=0, le=24, en="Working hours a day", zh="每日工时")
    workdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = par(
        (0, 1, 2, 3, 4),
        unit="weekday",
        min_length=1,
        max_length=7,
        en="Working weekdays, 0 = Monday",
        zh="工作日（0 = 周一）",
    )
    holidays: tuple[date, ...] = par((), unit="date", en="Days off on working weekdays", zh="法定节假日")
    extra_workdays: tuple[date, ...] = par(
        (), unit="date", en="Working days on weekends (swapped days)", zh="调休上班日"
    )
    timezone: str | None = par(
        None,
        unit="name",
        en="Time zone of the firm, e.g. Asia/Shanghai; times that carry another zone are turned into it",
        zh="企业所在时区，如 Asia/Shanghai；带时区的时间换算为该时区",
    )
    fiscal_year_start: int = par(
        1, unit="month", ge=1, le=12, en="First month of the fiscal year", zh="财年起始月份"
    )
    skip_strangers: bool = par(
        False,
        unit="yes/no",
        en="Pass over files that match the pattern but lack the columns, with a line about each, instead of refusing them",
        zh="跳过文件名相符但缺少所需列的文件并说明（否则报错）",
    )
    odd_cells: Literal["refuse", "leave out"] = par(
        "refuse",
        unit="word",
        en="What to do with a few cells that are no date or number (待定 among amounts), at most one in ten of a column: refuse the file, or leave them out and tell each; a row that cannot do without the cell is left out with it",
        zh="少数单元格不是日期或数字时（如金额列里的“待定”，不超过该列十分之一）：refuse 拒绝读取；leave out 剔除并逐一说明，缺了该格就不成立的整行一并剔除",
    )
    lookups: dict[str, Lookup] = par(
        (),
        unit="name: section",
        en="Lists that codes are translated through, by a name of one's own",
        zh="翻译代码所用的对照表，名称自定",
    )
    tables: dict[str, TableMap] = par(
        (), unit="table: section", min_length=1, en="Tables and where they come from", zh="各表及其来源"
    )

    @classmethod
    def parse(cls, data: dict[str, Any], where: str = "") -> Mapping:
        """Return the mapping that `data` declares.

        Raises
        ------
        UserError
            An unknown parameter, table or column (with the nearest name), a value of another kind, or a
            column that a table needs and the mapping does not give.
        """
        from kpisim.scenario.errors import first_error  # noqa: PLC0415

        try:
            made = cls.model_validate(data)
        except ValidationError as problem:
            raise _unknown(problem, where) or first_error(problem, cls, where) from None
        for message, values in _complaints(made):
            raise UserError(
                message, **{**values, "path": f"{where}: {values['path']}" if where else values["path"]}
            )
        return made

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (ValueError, OSError, ZoneInfoNotFoundError):
                raise broken(
                    "", "no such time zone; write a name like Asia/Shanghai or Europe/Berlin"
                ) from None
        return name

    def lists(self) -> dict[str, Lookup]:
        """Return every look-up list by its name."""
        return dict(self.lookups)

    @property
    def title(self) -> Text:
        """One line in the reader's language."""
        return Text(self.title_en or self.name, self.title_zh or None)


def mappings() -> dict[str, Text]:
    """Return the mappings that come along: name -> one line, in the reader's language."""
    return {file.stem: load_mapping(file.stem).title for file in sorted(_FOLDER.glob("*.yaml"))}


def load_mapping(name: str | Path) -> Mapping:
    """Load a mapping by its name or from a YAML file.

    Raises
    ------
    UserError
        Unknown name, unreadable file, or anything :meth:`Mapping.parse` refuses.
    """
    from kpisim.scenario.library import read_yaml  # noqa: PLC0415

    shipped = _FOLDER / f"{name}.yaml"
    path = Path(name)
    if shipped.exists() and path.parent == Path():
        return Mapping.parse({"name": str(name), **read_yaml(shipped)}, where=str(name))
    if path.suffix.lower() not in {".yaml", ".yml"}:
        known = [file.stem for file in _FOLDER.glob("*.yaml")]
        raise UserError(
            "{name}: no such mapping; {remedy}", name=str(name), remedy=did_you_mean(str(name), known)
        )
    return Mapping.parse({"name": path.stem, **read_yaml(path)}, where=path.name)


def _unknown(problem: ValidationError, where: str) -> UserError | None:
    """Return the error for a misspelt parameter; between the parameters lie names of tables and columns."""
    error = problem.errors(include_url=False)[0]
    if error["type"] != "extra_forbidden":
        return None
    model: type[Section] = Mapping
    for part in error["loc"][:-1]:
        model = _PARTS.get((model, str(part)), model)
    path = ".".join(str(part) for part in error["loc"])
    return UserError(
        "{path}: unknown parameter; {remedy}",
        path=f"{where}: {path}" if where else path,
        remedy=did_you_mean(str(error["loc"][-1]), model.model_fields),
    )


_PARTS: dict[tuple[type[Section], str], type[Section]] = {
    (Mapping, "tables"): TableMap,
    (Mapping, "lookups"): Lookup,
    (TableMap, "columns"): Source,
    (TableMap, "dates"): Stages,
    (TableMap, "periods"): Periods,
    (Periods, "rep_id"): Source,
    (Stages, "rep_id"): Source,
    (Source, "rules"): Rule,
}


def _complaints(mapping: Mapping) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is against the schema of the tables."""
    if not mapping.tables:
        yield (
            "{path}: no table is declared; write at least one, e.g. {example}",
            {"path": "tables", "example": "orders"},
        )
        return
    for name, table in mapping.tables.items():
        path = f"tables.{name}"
        if name not in TABLES:
            yield "{path}: no such table; {remedy}", {"path": path, "remedy": did_you_mean(name, TABLES)}
            return
        given = {"opportunity_id", "stage", "entered"} if table.dates is not None else set(table.columns)
        if table.periods is not None:
            given = set(TABLES["targets"].names)
            yield from _aimless(name, table.periods)
        for column in table.columns:
            if column not in TABLES[name].names:
                yield (
                    "{path}: table {table} has no such column; {remedy}",
                    {
                        "path": f"{path}.columns.{column}",
                        "table": name,
                        "remedy": did_you_mean(column, TABLES[name].names),
                    },
                )
        yield from _misplaced(name, table)
        yield from _unlisted(mapping, name, table)
        for required in TABLES[name].columns:
            if required.required and required.name not in given:
                yield (
                    "{path}: column {column} ({meaning}) is missing; say where it comes from",
                    {
                        "path": f"{path}.columns",
                        "column": required.name,
                        "meaning": Text(required.en, required.zh),
                    },
                )
        if name == "collections" and not {"due", "paid"} & given:
            yield (
                "{path}: neither due nor paid is there; say where one of them comes from",
                {"path": f"{path}.columns"},
            )


def _misplaced(name: str, table: TableMap) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ways of reading that another table is for."""
    path = f"tables.{name}"
    if table.dates is not None and name != "stage_changes":
        yield (
            "{path}: only stage_changes can be made of date columns; write columns instead",
            {"path": f"{path}.dates"},
        )
    # Of two payments on a bill one may be owed still: their amounts cannot be added up under one date of payment.
    billed = name == "collections" and table.lines == "add"
    if billed or (table.lines != "none" and (name not in BEGINS or TABLES[name].key[0] not in table.columns)):
        yield (
            "{path}: only rows of {tables} with a number of their own can be lines; leave it out or give {key}",
            {
                "path": f"{path}.lines",
                "tables": ", ".join(one for one in BEGINS if one != "collections"),
                "key": "lines: first" if billed else TABLES[name].key[0] if name in BEGINS else "lines: none",
            },
        )


def _aimless(name: str, periods: Periods) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is wrong with targets out of columns."""
    from kpisim.crm.periods import span  # noqa: PLC0415
    from kpisim.kpi.registry import kpis  # noqa: PLC0415

    path = f"tables.{name}.periods"
    if name != "targets":
        yield (
            "{path}: only targets can be made of columns called after periods; write columns instead",
            {"path": path},
        )
    if not periods.columns and (periods.period is None or periods.target is None):
        yield (
            "{path}: no column is declared; write at least one, e.g. {example}",
            {"path": f"{path}.columns", "example": "1月: 2027-01"},
        )
    if periods.columns and (periods.period or periods.target):
        yield (
            "{path}: a target stands in a column of its period or in a row of its own; leave one of them out",
            {"path": f"{path}.period"},
        )
    for column, written in dict(periods.columns).items():
        if span(written) is None:
            yield (
                "{path}: {value} is no period; write 2027-03, 2027Q2, 2027H1 or 2027",
                {"path": f"{path}.columns.{column}", "value": written},
            )
    named = {"kpi": periods.kpi, **{f"kpis.{word}": kpi for word, kpi in dict(periods.kpis).items()}}
    for place, kpi in named.items():
        if kpi not in kpis():
            yield (
                "{path}: no KPI {value}; {remedy}",
                {"path": f"{path}.{place}", "value": kpi, "remedy": did_you_mean(kpi, kpis())},
            )


def _unlisted(mapping: Mapping, name: str, table: TableMap) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield sources that go through a look-up list which is not declared."""
    sources = {f"columns.{column}": source for column, source in table.sources().items()}
    if table.dates is not None and table.dates.rep_id is not None:
        sources["dates.rep_id"] = table.dates.rep_id
    if table.periods is not None:
        sources["periods.rep_id"] = table.periods.rep_id
    for path, source in sources.items():
        if source.lookup is not None and source.lookup not in mapping.lists():
            remedy = (
                did_you_mean(source.lookup, mapping.lists())
                if mapping.lookups
                else Text("declare it under lookups with file and key")
            )
            yield (
                "{path}: no look-up list {name}; {remedy}",
                {"path": f"tables.{name}.{path}.lookup", "name": source.lookup, "remedy": remedy},
            )


__all__ = [
    "EMPTY",
    "FILLED",
    "Cell",
    "Lookup",
    "Mapping",
    "Periods",
    "Rule",
    "Source",
    "Stages",
    "TableMap",
    "Words",
    "load_mapping",
    "mappings",
]
