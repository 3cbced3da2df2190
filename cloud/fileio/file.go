package fileio

// File is a file that is still to be written, or was read, whole.
type File struct {
	Name string // without a folder
	Data []byte
}
