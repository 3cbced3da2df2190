package summary

import "github.com/cloudrearrange/rearrange/results"

// OutcomeRow counts how the runs of one algorithm ended.
type OutcomeRow struct {
	Algorithm string
	Runs      int
	Missing   int                     // cases that the algorithm was not run on
	Count     map[results.Outcome]int // read it by results.Outcomes
	Solved    int                     // runs that answered the question
}

// Coverage is the share of runs that were solved: with a validated plan, or with a
// proof that there is none.
func (r OutcomeRow) Coverage() float64 {
	if r.Runs == 0 {
		return 0
	}
	return float64(r.Solved) / float64(r.Runs)
}

func (s *Summary) outcomes() []OutcomeRow {
	rows := make([]OutcomeRow, len(s.Algorithms))
	for a, name := range s.Algorithms {
		row := OutcomeRow{Algorithm: name, Count: map[results.Outcome]int{}}
		for _, c := range s.Cases {
			r := c.Runs[a]
			if r == nil {
				row.Missing++
				continue
			}
			row.Runs++
			row.Count[r.Outcome]++
			if r.Outcome.Solved() {
				row.Solved++
			}
		}
		rows[a] = row
	}
	return rows
}
