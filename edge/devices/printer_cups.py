"""Printers of this machine, through the printing system's own commands (CUPS): ``lpstat`` names them, ``lp`` prints."""

from __future__ import annotations

import shutil
import subprocess

from edge.errors import DeviceFault

ANSWER_S = 20


class PrinterCups:
    def names(self) -> list[str]:
        """Its usual one first; [] where no printing system is installed or it has no printer."""
        if shutil.which("lpstat") is None:
            return []
        names = [line.split()[0] for line in self._said("lpstat", "-e").splitlines() if line.strip()]
        usual = self._said("lpstat", "-d").rpartition(":")[2].strip()
        return sorted(names, key=lambda name: (name != usual, name))

    def send(self, printer: str, title: str, pdf: bytes, copies: int = 1) -> None:
        """DeviceFault ``printer_unknown``, ``printer_refused`` with what the printing system said."""
        if printer not in self.names():
            raise DeviceFault("printer_unknown", "choose_printer", printer=printer)
        command = ["lp", "-d", printer, "-n", str(copies), "-t", title, "--", "-"]
        try:
            done = subprocess.run(command, input=pdf, capture_output=True, timeout=ANSWER_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise DeviceFault("printer_refused", "look_at_printer", printer=printer, detail=str(error)[:120]) from error
        if done.returncode:
            detail = done.stderr.decode("utf-8", "replace").strip()[:120]
            raise DeviceFault("printer_refused", "look_at_printer", printer=printer, detail=detail)

    def _said(self, *command: str) -> str:
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_S, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout
