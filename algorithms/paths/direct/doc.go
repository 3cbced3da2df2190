package direct
