//go:build soak

package formats_test

import "testing"

// The same as in the tests without Soak, on many more instances.
func TestSoakPDDLMeansWhatTheInstanceMeans(t *testing.T) { comparePDDL(t, randomPDDL(1000, 2000)) }

func TestSoakMiniZincFindsOurOptimum(t *testing.T) {
	compareMiniZinc(t, cases(t, 1000, 400, miniZincRules))
}

func TestSoakLPSolversFindTheBestTarget(t *testing.T) {
	compareLPSolvers(t, targetCases(2000, 1000, targetRules))
}

func TestSoakMiniZincFindsTheBestTarget(t *testing.T) {
	compareMiniZincTargets(t, append(targetCases(2000, 50, targetRules), decisiveTargets(t, targetRules)...))
}
