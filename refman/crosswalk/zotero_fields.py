"""Zotero's item types, fields and kinds of creators, and what they are in CSL.

The pairs are those of Zotero's own export to CSL-JSON; names of fields are those of its data model.
"""

from __future__ import annotations

TYPES = {
    "artwork": "graphic", "audiorecording": "song", "bill": "bill", "blogpost": "post-weblog",
    "book": "book", "booksection": "chapter", "case": "legal_case", "computerprogram": "software",
    "conferencepaper": "paper-conference", "dataset": "dataset",
    "dictionaryentry": "entry-dictionary", "document": "document",
    "email": "personal_communication", "encyclopediaarticle": "entry-encyclopedia",
    "film": "motion_picture", "forumpost": "post", "hearing": "hearing",
    "instantmessage": "personal_communication", "interview": "interview",
    "journalarticle": "article-journal", "letter": "personal_communication",
    "magazinearticle": "article-magazine", "manuscript": "manuscript", "map": "map",
    "newspaperarticle": "article-newspaper", "patent": "patent", "podcast": "broadcast",
    "preprint": "article", "presentation": "speech", "radiobroadcast": "broadcast",
    "report": "report", "standard": "standard", "statute": "legislation", "thesis": "thesis",
    "tvbroadcast": "broadcast", "videorecording": "motion_picture", "webpage": "webpage",
}  # fmt: skip
"""By Zotero's names in lower case."""

FIELDS = {
    "applicationNumber": "call_number", "archive": "archive", "archiveID": "number",
    "archiveLocation": "archive_location", "artworkMedium": "medium", "artworkSize": "dimensions",
    "audioFileType": "medium", "audioRecordingFormat": "medium", "billNumber": "number",
    "blogTitle": "container_title", "bookTitle": "container_title", "callNumber": "call_number",
    "caseName": "title", "code": "container_title", "codeNumber": "volume", "codePages": "page",
    "codeVolume": "volume", "company": "publisher", "conferenceName": "event_title",
    "country": "publisher_place", "court": "authority", "dictionaryTitle": "container_title",
    "distributor": "publisher", "docketNumber": "number", "documentNumber": "number",
    "edition": "edition", "encyclopediaTitle": "container_title", "episodeNumber": "number",
    "firstPage": "page", "forumTitle": "container_title", "genre": "genre",
    "history": "references", "institution": "publisher", "interviewMedium": "medium",
    "issue": "issue", "issuingAuthority": "authority", "journalAbbreviation":
    "container_title_short", "label": "publisher", "language": "language",
    "legalStatus": "status", "legislativeBody": "authority", "libraryCatalog": "source",
    "manuscriptType": "genre", "mapType": "genre", "medium": "medium",
    "meetingName": "event_title", "nameOfAct": "title", "network": "publisher",
    "numPages": "number_of_pages", "number": "number", "numberOfVolumes": "number_of_volumes",
    "organization": "authority", "pages": "page", "patentNumber": "number",
    "place": "publisher_place", "postType": "genre", "presentationType": "genre",
    "priorityNumbers": "issue", "proceedingsTitle": "container_title",
    "programTitle": "container_title", "programmingLanguage": "genre",
    "publicLawNumber": "number", "publicationTitle": "container_title",
    "publisher": "publisher", "reportNumber": "number", "reportType": "genre",
    "reporter": "container_title", "reporterVolume": "volume", "repository": "publisher",
    "repositoryLocation": "publisher_place", "rights": "license", "runningTime": "dimensions",
    "scale": "scale", "section": "section", "series": "collection_title",
    "seriesNumber": "collection_number", "seriesTitle": "collection_title",
    "session": "chapter_number", "shortTitle": "title_short", "status": "status",
    "studio": "publisher", "subject": "title", "system": "medium", "thesisType": "genre",
    "title": "title", "type": "genre", "university": "publisher", "versionNumber": "version",
    "version": "version", "videoRecordingFormat": "medium", "volume": "volume",
    "websiteTitle": "container_title", "websiteType": "genre",
}  # fmt: skip
"""Fields that are texts."""

DATES = {
    "accessDate": "accessed", "date": "issued", "dateDecided": "issued", "dateEnacted": "issued",
    "filingDate": "submitted", "issueDate": "issued",
}  # fmt: skip

CREATORS = {
    "artist": "author", "author": "author", "bookAuthor": "container_author",
    "cartographer": "author", "composer": "composer", "contributor": "contributor",
    "director": "director", "editor": "editor", "guest": "guest", "interviewee": "author",
    "interviewer": "interviewer", "inventor": "author", "performer": "performer",
    "podcaster": "author", "presenter": "author", "producer": "producer",
    "programmer": "author", "recipient": "recipient", "reviewedAuthor": "reviewed_author",
    "scriptwriter": "script_writer", "seriesEditor": "collection_editor", "sponsor": "author",
    "translator": "translator",
}  # fmt: skip
