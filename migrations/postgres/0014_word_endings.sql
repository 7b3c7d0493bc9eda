-- Parts inside words: `skru` finds *sekskantskrue*. Each word that is held by a document has its endings here, once, however many
-- documents hold it; a part is what one of them begins with. Which endings there are is `domain::search::endings`; this says the same.
CREATE TABLE search_ending (
    scope UUID NOT NULL,
    ending TEXT COLLATE "C" NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, ending, word)
);
INSERT INTO search_ending (scope, ending, word)
SELECT w.scope, substr(w.word, p.n), w.word
FROM search_word w CROSS JOIN generate_series(2, 38) AS p (n)
WHERE substr(w.word, 1, 1) <> '^' AND length(w.word) >= p.n + 2
    AND CASE WHEN w.word ~ '[0-9]'
        THEN substr(w.word, p.n, 1) ~ '[0-9]' AND substr(w.word, 1, p.n - 1) !~ '[0-9]'
        ELSE p.n > 2 END;

-- Whole endings were found by these until now.
DROP INDEX search_word_by_ending;
ALTER TABLE search_word DROP COLUMN reversed;
