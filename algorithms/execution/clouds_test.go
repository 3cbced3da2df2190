package execution_test

import "testing"

// Clouds that are bad in one way break no promise.
func TestBadCloudBreaksPromise(t *testing.T) { badClouds(t, 4) }

// badClouds examines n executions in each of them.
func badClouds(t *testing.T, n int) {
	for _, c := range []struct {
		what, on, executor string
		shows              func(*tally) int // that it was as bad as it was to be
	}{
		{"nothing goes wrong", "simulation", adaptive, func(c *tally) int { return c.reached }},
		{"steps never end", "simulation(stalls=0.3, deviation=2, checks=no)", adaptive, func(c *tally) int { return c.aborts }},
		{"the scheduler is late and busy", "simulation(lag=120s, slots=1)", adaptive, func(c *tally) int { return c.refusals }},
		{"all hosts but one or two die", "simulation(deaths=2, failures=0.05, deviation=2, checks=no)", adaptive, func(c *tally) int { return c.deaths }},
		{"half of the steps fail", "simulation(failures=0.5, deviation=3, checks=no)", "adaptive(expansions=20000, retries=1)", func(c *tally) int { return c.givenUp }},
		{"nearly all steps fail", "simulation(failures=0.9, arrivals=1, checks=no)", "adaptive(expansions=20000, retries=1)", func(c *tally) int { return c.givenUp }},
		{"foreign VMs come and come", "simulation(arrivals=20, failures=0.05, deviation=3, checks=no)", adaptive, func(c *tally) int { return c.arrivals }},
		{"the executor is killed and killed", "simulation(kills=8, failures=0.2, deviation=3, arrivals=1, deaths=1, checks=no)", adaptive, func(c *tally) int { return c.lives - c.executions }},
		{"everything", "simulation(failures=0.3, stalls=0.1, deviation=3, arrivals=4, deaths=1, kills=2, slots=2, lag=30s)", "adaptive(expansions=20000, retries=2)", func(c *tally) int { return c.failures }},
	} {
		t.Run(c.what, func(t *testing.T) {
			sum := promises(t, n, c.on, c.executor)
			if t.Logf("%+v", *sum); *only == 0 && c.shows(sum) < max(1, sum.executions/10) {
				t.Errorf("it is not: %+v", *sum)
			}
		})
	}
}
