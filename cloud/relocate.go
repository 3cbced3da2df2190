package cloud

import "github.com/cloudrearrange/rearrange/cloud/fileio"

// Locate gives the faults of an instance that were found after it was read, such as
// an initial placement that breaks a rule, their place in the instance's file.
func Locate(path string, err error) error {
	if err == nil {
		return nil
	}
	if path == fileio.Stdio {
		return placed("(standard input)", nil, err)
	}
	data, readErr := fileio.Read(path, nil)
	if readErr != nil {
		data = nil
	}
	return placed(path, data, err)
}
