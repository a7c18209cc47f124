"""Source kinds (数据种类): loaded from ``schemas/*.yaml`` and from the workspace's own folder.

A YAML file follows the Frictionless *Table Schema* vocabulary (``fields``, ``name``, ``title``, ``type``, ``constraints``)
plus ``aliases`` (headers found in practice), ``vocabulary`` (canonical value → ways of writing it) and ``opposite``
(headers that ask the opposite question). ``docs/schemas.md`` describes every key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from fupin_cli.errors import FupinError
from fupin_cli.schema.expectations import EXPECTATION_KEYS, NOTHING_EXPECTED, Expectation, enlarged, parse_expectation
from fupin_cli.schema.yaml_lines import Located, read_yaml

TYPES = (
    "text", "name", "id", "date", "flag", "code", "codes", "amount", "number", "percent", "integer", "year", "term",
    "measure", "town", "village",
)  # fmt: skip
KIND_KEYS = {
    "kind", "extends", "title", "bureau", "covers", "nature", "evidence", "include", "require", "one_of", "row_key",
    "signature", "named", "household_fields", "from_text", "asked_by", "fields",
}  # fmt: skip
FIELD_KEYS = EXPECTATION_KEYS | {
    "name", "title", "type", "aliases", "vocabulary", "open", "opposite", "constraints", "fallback",
}  # fmt: skip
CONSTRAINTS = {"minimum", "maximum"}
Nature = Literal["snapshot", "events"]


@dataclass(frozen=True)
class Field:
    """One column of a kind. ``open``: unknown code values are kept as they are; ``fallback``: an ID field to fall back on;
    ``expectation``: what the rules on the lists' own quality ask of it."""

    name: str
    title: str
    type: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    vocabulary: Mapping[str, tuple[str, ...]] | None = None
    open: bool = False
    opposite: tuple[str, ...] = ()
    constraints: Mapping[str, float] | None = None
    fallback: str = ""
    expectation: Expectation = NOTHING_EXPECTED


@dataclass(frozen=True)
class Kind:
    """One sort of export (数据种类).

    ``covers``: ``population`` when everybody should be in it; ``nature``: a newer ``snapshot`` replaces an older one,
    ``events`` add up. ``one_of``: one of these sets of columns must be there; ``signature``: so must one of these,
    or, of a ``named`` kind, one of its words (``true``: of ``evidence``) in the name or title of the sheet.
    A row in which all of ``row_key`` are blank is quarantined. ``household_fields`` are filled down within a household.
    ``from_text``: columns that the lines around the table may say instead (填报单位：区教育局).
    ``asked_by``: ``year`` or ``school_year`` where rules ask about the rows of one; a list of another says nothing of it.
    """

    id: str
    title: str
    bureau: str
    nature: Nature
    covers: str | None
    fields: tuple[Field, ...]
    row_key: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    signature: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    household_fields: tuple[str, ...] = ()
    from_text: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    asked_by: str = ""

    @property
    def template_header(self) -> tuple[str, ...]:
        """The header of its template (填报模板): every field, required ones with a star."""
        return tuple(field.title + "*" * field.required for field in self.fields)

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)


def shipped_schemas() -> Path:
    """The schemas of the package (wheel), or of the source tree."""
    packaged = Path(__file__).parent.parent / "schemas"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "schemas"


def load_kinds(extra: Path | None = None) -> dict[str, Kind]:
    """All kinds by id; ``extra`` is a workspace's folder that adds kinds (``kind:``) or enlarges them (``extends:``)."""
    kinds = dict(_shipped())
    if extra is None:
        return kinds
    common = read_yaml(shipped_schemas() / "_common.yaml")
    for path in sorted(extra.glob("*.yaml")):
        data = read_yaml(path)
        if "extends" in data:
            base = kinds.get(data["extends"])
            if base is None:
                raise _error(path, data, "extends", f"没有数据种类“{data['extends']}”")
            kinds[base.id] = _extended(base, data, common, path)
        else:
            kind = _kind(data, common, path)
            kinds[kind.id] = kind
    return kinds


@cache
def _shipped() -> Mapping[str, Kind]:
    folder = shipped_schemas()
    common = read_yaml(folder / "_common.yaml")
    paths = [path for path in sorted(folder.glob("*.yaml")) if not path.name.startswith("_")]
    kinds = [_kind(read_yaml(path), common, path) for path in paths]
    order = ("register", "education", "health", "housing", "water", "civil", "disability")
    ranks = {family: place for place, family in enumerate(order)}
    kinds.sort(key=lambda kind: ranks.get(kind.id.partition(".")[0], len(order)))
    return {kind.id: kind for kind in kinds}


@cache
def load_form(name: str) -> Kind:
    """A form (表单) that people fill in and send back, from ``schemas/forms``; never looked for among the sources."""
    folder = shipped_schemas()
    path = folder / "forms" / f"{name}.yaml"
    return _kind(read_yaml(path), read_yaml(folder / "_common.yaml"), path)


def _kind(data: Located, common: Located, path: Path) -> Kind:
    _check_keys(data, KIND_KEYS, path)
    for key in ("kind", "title", "bureau", "nature"):
        if not isinstance(data.get(key), str):
            raise _error(path, data, key, f"缺少“{key}”")
    if data["nature"] not in ("snapshot", "events"):
        raise _error(path, data, "nature", "nature 只能是 snapshot（名单）或 events（流水）")
    if data.get("asked_by", "year") not in ("year", "school_year"):
        raise _error(path, data, "asked_by", "asked_by 只能是 year（年度）或 school_year（学年）")
    fields: dict[str, Field] = {}
    for group in _texts(data, "include", path):
        if group not in common["groups"]:
            raise _error(path, data, "include", f"没有字段组“{group}”")
        fields |= {item["name"]: _field(item, common, path) for item in common["groups"][group]}
    own = _own_fields(data, common, path)
    fields |= own
    required = _texts(data, "require", path)
    one_of = tuple(tuple(names) for names in data.get("one_of", ()))
    kind = Kind(
        id=data["kind"], title=data["title"], bureau=data["bureau"], nature=data["nature"], covers=data.get("covers"),
        fields=tuple(replace(field, required=field.name in required) for field in fields.values()),
        row_key=_texts(data, "row_key", path) or tuple(name for name in ("name", "id_number") if name in fields),
        one_of=one_of, signature=_texts(data, "signature", path), named=_texts(data, "evidence" if data.get("named") is True else "named", path),
        household_fields=_texts(data, "household_fields", path), from_text=_texts(data, "from_text", path), evidence=_texts(data, "evidence", path),
        asked_by=data.get("asked_by", ""),
    )  # fmt: skip
    named = {
        *required,
        *kind.row_key,
        *kind.signature,
        *kind.household_fields,
        *kind.from_text,
        *(name for names in one_of for name in names),
    }
    named |= {name for field in fields.values() for name in field.expectation.when}
    if unknown := named - set(fields):
        raise _error(path, data, "fields", f"没有定义字段“{'、'.join(sorted(unknown))}”")
    if not kind.row_key:
        raise _error(path, data, "row_key", "缺少“row_key”")
    return kind


def _own_fields(data: Located, common: Located, path: Path) -> dict[str, Field]:
    items = data.get("fields", [])
    if not isinstance(items, list):
        raise _error(path, data, "fields", "fields 应是一个列表")
    return {field.name: field for field in (_field(item, common, path) for item in items)}


def _field(item: Any, common: Located, path: Path) -> Field:
    if not isinstance(item, Located):
        raise FupinError("字段应写成“name: …, title: …, type: …”", where=str(path), cure="参照 docs/schemas.md")
    _check_keys(item, FIELD_KEYS, path)
    for key in ("name", "title", "type"):
        if not isinstance(item.get(key), str):
            raise _error(path, item, key, f"字段缺少“{key}”")
    if item["type"] not in TYPES:
        raise _error(path, item, "type", f"字段“{item['name']}”的类型“{item['type']}”不认识")
    constraints = dict(item.get("constraints", {}))
    if set(constraints) - CONSTRAINTS:
        raise _error(path, item, "constraints", f"字段“{item['name']}”的 constraints 只能有 minimum、maximum")
    return Field(
        name=item["name"], title=item["title"], type=item["type"], aliases=_texts(item, "aliases", path),
        vocabulary=_vocabulary(item, common, path), open=bool(item.get("open", False)),
        opposite=_texts(item, "opposite", path), constraints=constraints or None, fallback=item.get("fallback", ""),
        expectation=parse_expectation(item, path),
    )  # fmt: skip


def _vocabulary(item: Located, common: Located, path: Path) -> Mapping[str, tuple[str, ...]] | None:
    given = item.get("vocabulary")
    if isinstance(given, str):
        if given not in common["vocabularies"]:
            raise _error(path, item, "vocabulary", f"没有取值表“{given}”")
        given = common["vocabularies"][given]
    if given is None:
        if item["type"] in ("code", "codes"):
            raise _error(path, item, "type", f"字段“{item['name']}”是代码，要有 vocabulary")
        return None
    if not isinstance(given, dict):
        raise _error(path, item, "vocabulary", "vocabulary 应写成“标准值: [其他写法]”")
    return {str(value): tuple(str(alias) for alias in aliases or ()) for value, aliases in given.items()}


def _extended(base: Kind, data: Located, common: Located, path: Path) -> Kind:
    """``base`` with more aliases and vocabulary (same field name) and more fields (new names)."""
    _check_keys(data, {"extends", "evidence", "fields"}, path)
    fields = {field.name: field for field in base.fields}
    for item in data.get("fields", []):
        known = fields.get(item.get("name"))
        if known is None:
            added = _field(item, common, path)
            fields[added.name] = added
            continue
        _check_keys(item, EXPECTATION_KEYS | {"name", "aliases", "opposite", "vocabulary"}, path)
        vocabulary = dict(known.vocabulary or {})
        for value, aliases in (item.get("vocabulary") or {}).items():
            vocabulary[str(value)] = (*vocabulary.get(str(value), ()), *map(str, aliases or ()))
        fields[known.name] = replace(
            known,
            aliases=(*known.aliases, *_texts(item, "aliases", path)),
            opposite=(*known.opposite, *_texts(item, "opposite", path)),
            vocabulary=vocabulary or None,
            expectation=enlarged(known.expectation, item, path),
        )
    return replace(base, fields=tuple(fields.values()), evidence=(*base.evidence, *_texts(data, "evidence", path)))


def _texts(data: Located, key: str, path: Path) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or any(isinstance(item, (dict, list)) for item in value):
        raise _error(path, data, key, f"“{key}”应是一个列表，如 [甲, 乙]")
    return tuple(str(item) for item in value)


def _check_keys(data: Located, known: Iterable[str], path: Path) -> None:
    for key in data:
        if key not in known:
            raise _error(path, data, key, f"不认识的键“{key}”")


def _error(path: Path, data: Located, key: str, message: str) -> FupinError:
    return FupinError(message, where=f"{path}第{data.line_of(key)}行", cure="参照 docs/schemas.md 修改")
