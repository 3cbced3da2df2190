//go:build soak

package validate_test

import "testing"

// The same as in the tests without Soak, on many more schedules.
func TestSoakJudgeDepartsFromItsFormat(t *testing.T) { t.Logf("%+v", *compare(t, 60_000)) }

func TestSoakJudgeMendsOtherwiseThanItsFormat(t *testing.T) { t.Logf("%+v", *compareBroken(t, 15_000)) }

func TestSoakJudgeRefusesWhatSchedulersFind(t *testing.T) {
	t.Logf("%+v", schedulersAndJudge(t, 15_000))
}
