package space

import (
	"errors"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
)

// MaxCost keeps evaluations, at weights of up to [MaxWeight], within int64.
const MaxCost = 1 << 50

// Reasons for which a search does not go on.
var (
	ErrNarrow   = errors.New("space: a cost does not fit in 32 bits") // a wide [Table] holds it
	ErrTooLarge = errors.New("space: a cost is above MaxCost")
)

// Widen runs a search with a narrow [Table] and, if a cost does not fit there, once more
// with a wide one.
func Widen(run *paths.Run, search func(wide bool) error) {
	err := search(false)
	if err == ErrNarrow {
		err = search(true)
	}
	if err == ErrTooLarge {
		TooLarge(run)
	}
}

// TooLarge gives a search up because of [MaxCost].
func TooLarge(run *paths.Run) { run.GiveUp("costs are too large to be added up exactly") }
