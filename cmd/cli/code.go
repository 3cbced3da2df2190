package cli

import (
	"sync"

	"github.com/cloudrearrange/rearrange"
	"github.com/cloudrearrange/rearrange/experiments/source"
)

// codeHash is a hash of the source of packages of this program and of all that they import,
// for the provenance of records; empty where one of them is another module's.
func codeHash(packages []string) string { return ownCode().Hash(packages) }

// ownCode is the source of this module, which is read once.
var ownCode = sync.OnceValue(func() *source.Code {
	code, err := source.New(rearrange.Source, source.ThisBuild())
	if err != nil {
		panic(err) // a test reads what is embedded
	}
	return code
})
