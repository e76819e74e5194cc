"""A small OFD package: parts as their standard names them, text laid where a test wants it."""

import io
import zipfile

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def text(words: str, left: float, top: float, wide: float = 40, size: float = 5) -> str:
    return (
        f'<ofd:TextObject Boundary="{left} {top} {wide} {size}" Size="{size}">'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="g 3 5">{words}</ofd:TextCode></ofd:TextObject>'
    )


def content(*objects: str, form: str = "") -> str:
    over = f'<ofd:Template TemplateID="{form}"/>' if form else ""
    return (
        f"<ofd:Page {NAMESPACE}>{over}<ofd:Content><ofd:Layer>{''.join(objects)}</ofd:Layer></ofd:Content></ofd:Page>"
    )


def ofd(*pages: str, form: str = "", signed: bool = False, attached: bool = False, more: dict[str, str] | None = None):
    said = (
        "<ofd:DocInfo><ofd:Title>关于防汛的通知</ofd:Title><ofd:Author>办公室</ofd:Author>"
        "<ofd:CreationDate>2024-03-01</ofd:CreationDate><ofd:Creator>Suite</ofd:Creator>"
        "<ofd:CreatorVersion>3.1</ofd:CreatorVersion></ofd:DocInfo>"
    )
    signatures = "<ofd:Signatures>Signs/Signatures.xml</ofd:Signatures>" if signed else ""
    forms = '<ofd:TemplatePage ID="7" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if form else ""
    places = "".join(f'<ofd:Page ID="{no}" BaseLoc="Pages/Page_{no}/Content.xml"/>' for no in range(len(pages)))
    attachments = "<ofd:Attachments>A.xml</ofd:Attachments>" if attached else ""
    parts = {
        "OFD.xml": f"<ofd:OFD {NAMESPACE}><ofd:DocBody>{said}<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        f"{signatures}</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData>{forms}</ofd:CommonData>"
        f"<ofd:Pages>{places}</ofd:Pages>{attachments}</ofd:Document>",
        **{f"Doc_0/Pages/Page_{no}/Content.xml": page for no, page in enumerate(pages)},
        **({"Doc_0/Tpls/Tpl_0/Content.xml": form} if form else {}),
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return out.getvalue()
