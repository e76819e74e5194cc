"""Headings of registers and finding aids → our fields: Chinese forms, pinyin initials, AtoM, ArchivesSpace, others.

A heading is compared without blanks, marks, width, case or script. Where several headings of one table mean the same
field, the one listed first wins and the next fills its gaps.
"""

from __future__ import annotations

import re

from edge.domain import search_text

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "ref_code": (
        "档号",
        "档案号",
        "档案编号",
        "dh",
        "reference code",
        "referenceCode",
        "ref code",
        "unitid",
        "unit_id",
    ),
    "foreign_ref": ("identifier", "call number", "callnumber", "shelfmark", "参考号"),
    "local_ref": ("finding_aid_reference_raw_value", "finding aid reference", "清册参考号"),
    "foreign_id": ("legacyId", "ref_id", "uuid", "外部编号"),
    "fonds_no": ("全宗号", "qzh", "collection_id", "ead", "fonds", "fonds code"),
    "fonds_name": ("全宗名称", "立档单位", "fonds name"),
    "category": ("门类代码", "档案门类代码", "档案门类", "门类", "类别号"),
    "year": ("年度", "归档年度", "nd", "year"),
    "retention": ("保管期限缩写", "保管期限代码", "保管期限", "bgqx", "retention"),
    "org": (
        *("机构问题缩写", "机构或问题代码", "机构(问题)代码", "机构（问题）", "机构或问题", "机构问题", "jgwt"),
        "department or question",
    ),
    "item_no": ("件号", "jh"),
    "catalogue_no": ("目录号", "案卷目录号", "mlh"),
    "file_no": ("案卷号", "ajh"),
    "volume_ref": ("案卷档号", "volume code"),
    "volume_title": ("案卷题名", "volume title"),
    "title": (
        "题名",
        "文件题名",
        "正题名",
        "标题",
        "名称",
        "档案名称",
        "tm",
        "ztm",
        "wjbt",
        "title",
        "text_value",
        "unittitle",
        "accession_title",
    ),
    "responsible": ("责任者", "zrz", "creator", "creators", "eventActors", "responsible", "agent_name_primary_name"),
    "doc_no": ("文号", "文件编号", "文件字号", "wh", "wjbh", "document number"),
    "date": (
        *("日期", "文件时间", "成文日期", "文件日期", "形成日期", "起止日期", "起止时间", "rq", "cwrq", "sj", "qssj"),
        *("start_date_formatted_value", "eventStartDates", "begin", "begin_1", "date", "dates"),
        *("expression", "expression_1", "date_1_begin", "date_1_expression", "accession_accession_date"),
    ),
    "date_written": ("start_date_original_value", "原写日期", "date as written", "eventDates"),
    "start_date": ("起始日期", "开始日期", "start date"),
    "end_date": (
        *("终止日期", "结束日期", "截止日期", "end date", "zzsj", "end_date_formatted_value", "eventEndDates"),
        *("end", "end_1", "date_1_end"),
    ),
    "secret_level": ("密级", "mj", "classification"),
    "pages": ("页数", "总页数", "卷内张数", "张数", "ys", "zys", "zs", "pages"),
    "box_no": (
        *("盒号", "hh", "盒(卷)", "unit_value_inherited", "unit_value", "indicator_1", "physicalObjectName"),
        *("box", "box number", "box no", "container"),
    ),
    "box_no_2": ("indicator_1_2",),
    "barcode": ("条码", "条形码", "盒条码", "barcode"),
    "thickness": ("盒厚度", "厚度", "盒厚", "box thickness"),
    "box_title": ("盒名", "box title"),
    "box_type": ("盒型", "box type"),
    "weight_g": ("盒重（克）", "box weight (g)"),
    "slot": ("储位", "储位号", "存放位置", "存储位置", "排架号", "pjh", "slot", "physicalObjectLocation"),
    "level": ("著录层级", "levelOfDescription", "level"),
    "depth": ("hierarchy",),
    "inside": ("indicator_2",),
    "inside_kind": ("type_2",),
    "accession_1": ("accession_number_1",),
    "accession_2": ("accession_number_2",),
    "accession_3": ("accession_number_3",),
    "accession_4": ("accession_number_4",),
    "group": ("group_notes_inherited", "group_notes_value", "group_value"),
    "series": ("series_value_inherited", "series_value"),
    "parent_id": ("parentId",),
    # prose about a whole fonds: fonds_row.TOLD
    "custody": ("保管沿革", "archivalHistory"),
    "unit_history": ("机构沿革", "eventActorHistories"),
    "arrangement": ("整理情况", "arrangement"),
    # what the standards ask of a volume further: description.FIELDS
    "bound": ("已装订", "装订", "bound"),
    "note": ("卷内备考", "卷内备考表", "note sheet"),
    "compiled_by": ("立卷人", "compiled by"),
    "compiled_on": ("立卷日期", "立卷时间", "compiled on"),
    "checked_by": ("检查人", "checked by"),
    "checked_on": ("检查日期", "检查时间", "checked on"),
    # what the standards ask of an item further: description.FURTHER
    "secret_mark": ("密级标志", "secrecy mark"),
    "secret_until": ("保密到", "保密期限", "secret until"),
    "publicity": ("公开属性", "publicity"),
    "open_status": ("开放标识", "开放状态", "access status"),
    "start_page": ("起页", "起页号", "起始页", "first page"),
    "end_page": ("止页", "止页号", "终止页", "last page"),
    "parallel_title": ("并列题名", "parallel title"),
    "sub_title": ("副题名", "subtitle"),
    "scope": ("范围和提要", "范围与提要", "scope", "scope and content", "scopeAndContent", "n_scopecontent"),
    "abstract": ("提要", "内容提要", "摘要", "abstract", "n_abstract", "accession_content_description"),
    "draft": ("稿本", "draft or copy"),
    "document_type": ("文种", "document type"),
    "attachments": ("附件", "attachments"),
    "persons": ("人名", "persons", "nameAccessPoints"),
    "keywords": ("主题词", "关键词", "ztc", "keywords", "subjectAccessPoints", "subject_1_term"),
    "class_no": ("分类号", "flh", "class number"),
    "language": ("语种", "language"),
    "carrier": ("载体形态", "carrier"),
    "creation": ("生成方式", "how it was made"),
    "extent": ("规格", "size"),
    "microfilm_no": ("缩微号", "microfilm number"),
    "originals": ("原件存放", "originals kept at", "locationOfOriginals", "n_originalsloc"),
    "copies": ("复制件存放", "copies kept at", "locationOfCopies", "n_altformavail"),
    "handling": ("取放要求", "handling"),
    "source": ("来源", "source"),
    "drafter": ("起草人", "drafter"),
    "drafted_on": ("起草日期", "drafted on"),
    "version": ("版本", "version"),
    "important": ("重要档案", "important"),
    "filed_on": ("归档日期", "filed on"),
    "event_on": ("起算日期", "event date"),
    "access_conditions": ("accessConditions", "n_accessrestrict"),
    "appraisal": ("appraisal",),
    "extent_and_medium": ("extentAndMedium",),
    "other_ids": ("alternativeIdentifiers",),
    "own_mark": ("revisionHistory",),
    "context": ("上级题名", "titles above"),
    "state": ("状态", "state"),
    "remark": ("备注", "附注", "bz", "remark", "remarks", "generalNote", "n_odd", "accession_general_note"),
}

_NOT_LETTERS = re.compile(r"[^0-9a-z\u3400-\u9fff]")


def plain(heading: str) -> str:
    return _NOT_LETTERS.sub("", search_text.normalise(heading))


_RANKED = {
    plain(synonym): (field, rank) for field, synonyms in _SYNONYMS.items() for rank, synonym in enumerate(synonyms)
}


def field_of(heading: str) -> tuple[str, int] | None:
    """The field a heading names and its rank among that field's headings (0 = first choice)."""
    return _RANKED.get(plain(heading))


def columns_of(headings: list[str]) -> dict[str, list[int]]:
    """Field → columns that hold it, first choice first."""
    ranked: dict[str, list[tuple[int, int]]] = {}
    for column, heading in enumerate(headings):
        found = field_of(heading) if heading else None
        if found:
            ranked.setdefault(found[0], []).append((found[1], column))
    return {field: [column for _rank, column in sorted(columns)] for field, columns in ranked.items()}


def is_heading_row(columns: dict[str, list[int]]) -> bool:
    """Whether a row of headings was understood well enough: a title and something beside it."""
    return ("title" in columns or "volume_title" in columns) and len(columns) >= 2
