// Package fileio reads and writes files the way every command does: `-` is standard
// input or output, `.gz`, `.zst` and `.xz` are compressed by suffix, and a written file
// appears whole or not at all. It knows nothing of what is in the files.
//
//	err := fileio.Write("out.json.gz", nil, func(w io.Writer) error {
//		_, err := io.WriteString(w, text)
//		return err
//	})
//	data, err := fileio.Read("out.json.gz", nil)
package fileio
