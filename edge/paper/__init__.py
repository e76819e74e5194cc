"""What leaves the archive on paper, as PDF: registers, note sheets, labels. Values in, bytes out; reads no store."""
