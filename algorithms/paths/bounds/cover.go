package bounds

// cover looks for the cheapest set of items of a relaxed problem whose permission lets
// all misplaced VMs leave, by branch and bound over landmarks (see [Deadlock]). Items are
// numbered as they are listed; slices of it are by item unless stated otherwise.
type cover struct {
	x     *relaxed
	most  int // nodes
	nodes int // left
	price []int64
	rest  []int64 // price without what landmarks have counted
	state []status
	order []int32 // items that can be permitted, by rest
	pool  []int32 // landmarks to branch over, of all nodes under way
	free  []int32 // items that landmarks have used up, permitted for the time being
}

type status uint8

const (
	open      status = iota
	permitted        // in the node at hand
	forbidden        // in the node at hand: another branch permits it
)

func (c *cover) init(x *relaxed, nodes int) {
	n := len(x.at)
	*c = cover{
		x: x, most: nodes, price: make([]int64, n), rest: make([]int64, n), state: make([]status, n),
		order: make([]int32, 0, n), pool: make([]int32, 0, 4*n), free: make([]int32, 0, n),
	}
}

// least is the cost of the cheapest set, or a lower bound once the nodes are used up;
// never when permission for all is not enough.
func (c *cover) least() int64 {
	c.nodes = c.most
	c.pool = c.pool[:0]
	for k := range c.x.items {
		c.state[k] = open
		if c.price[k] == never {
			c.state[k] = forbidden
		}
	}
	return c.node(never)
}

// node is the cost of the cheapest set that holds what is permitted and nothing that is
// forbidden, without the cost of what is permitted; or a lower bound of it, where it is
// not below limit or the nodes are used up.
func (c *cover) node(limit int64) int64 {
	if c.x.staying == 0 {
		return 0
	}
	c.nodes--
	begin, first := c.x.mark(), len(c.pool)
	bound := c.bound(limit)
	c.x.undo(begin)
	best := limit
	if bound < limit {
		best = min(best, c.slim(bound))
	}
	last := len(c.pool)
	for n := first; n < last && best > bound; n++ {
		if c.nodes <= 0 {
			best = bound // branches remain of which no more is known
			break
		}
		k := c.pool[n]
		if c.price[k] >= best {
			break // nor are the others any cheaper
		}
		c.state[k] = permitted
		c.x.permit(c.x.items[k])
		best = min(best, c.price[k]+c.node(best-c.price[k]))
		c.x.undo(begin)
		c.state[k] = forbidden
	}
	for _, k := range c.pool[first:last] {
		c.state[k] = open
	}
	c.pool = c.pool[:first]
	return max(best, bound)
}

// bound adds up landmarks until the items that they have used up, which are left in
// free, are enough; or until limit is reached. The first landmark is left in the pool.
func (c *cover) bound(limit int64) int64 {
	x := c.x
	c.order, c.free = c.order[:0], c.free[:0]
	for k, i := range x.items {
		if c.state[k] == open && !x.left[i] {
			c.rest[k] = c.price[k]
			c.order = append(c.order, int32(k))
		}
	}
	first := len(c.pool)
	var total int64
	for {
		c.sort()
		n := 0
		for _, k := range c.order {
			switch i := x.items[k]; {
			case x.left[i]:
				continue // leaves without having to pay
			case c.rest[k] == 0:
				x.permit(i)
				c.free = append(c.free, k)
				if x.staying == 0 {
					return total
				}
				continue
			}
			c.order[n] = k
			n++
		}
		c.order = c.order[:n]
		fresh := len(c.pool)
		price := c.landmark(limit - total)
		total = plus(total, price)
		if price == never {
			total = never
		}
		if total >= limit {
			c.pool = c.pool[:first]
			return total
		}
		for _, k := range c.pool[fresh:] {
			c.rest[k] -= price
		}
		if fresh > first {
			c.pool = c.pool[:fresh]
		}
	}
}

// landmark appends a landmark to the pool: items of which one must be permitted, given
// what is. It returns what the cheapest of them has left, which is as much as that of any
// landmark; never where all items are not enough. Where it is not below limit, the
// landmark is not completed.
func (c *cover) landmark(limit int64) int64 {
	x := c.x
	begin, price := x.mark(), int64(never)
	for _, k := range c.order {
		i := x.items[k]
		if x.left[i] {
			continue
		}
		before := x.mark()
		x.permit(i)
		if x.staying > 0 {
			continue
		}
		// With all that is cheaper VMs stayed, with this one none does.
		x.undo(before)
		c.pool = append(c.pool, k)
		if price == never {
			if price = c.rest[k]; price >= limit {
				break
			}
		}
	}
	x.undo(begin)
	return price
}

// slim is the cost of a set: what the landmarks have used up, without the dearest of
// it that can be spared. Bound is what it cannot be below.
func (c *cover) slim(bound int64) int64 {
	var sum int64
	for _, k := range c.free {
		sum = plus(sum, c.price[k])
	}
	for spared := true; spared && sum > bound; {
		spared = false
		dearest := -1
		for n, k := range c.free {
			if (dearest < 0 || c.price[k] > c.price[c.free[dearest]]) && c.enoughWithout(n) {
				dearest = n
			}
		}
		if dearest >= 0 {
			spared = true
			sum -= c.price[c.free[dearest]]
			c.free[dearest] = c.free[len(c.free)-1]
			c.free = c.free[:len(c.free)-1]
		}
	}
	return sum
}

func (c *cover) enoughWithout(n int) bool {
	begin := c.x.mark()
	for m, k := range c.free {
		if i := c.x.items[k]; m != n && !c.x.left[i] {
			c.x.permit(i)
		}
	}
	enough := c.x.staying == 0
	c.x.undo(begin)
	return enough
}

// sort puts the cheapest items first. There are few, and they are almost in order.
func (c *cover) sort() {
	for n, k := range c.order {
		for n > 0 && c.rest[c.order[n-1]] > c.rest[k] {
			c.order[n] = c.order[n-1]
			n--
		}
		c.order[n] = k
	}
}
