-- How many lines of a draft a person must look at: parked, or other than our article. Of drafts from before only the parked ones are known.
ALTER TABLE order_draft ADD COLUMN differing_count INTEGER NOT NULL DEFAULT 0;
UPDATE order_draft SET differing_count = issue_count;
