"""PDF: what stands where on its pages, put in reading order and joined to paragraphs again."""

from .assembly import read_pdf

__all__ = ["read_pdf"]
