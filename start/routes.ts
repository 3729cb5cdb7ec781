import '#start/routes/portal'
import '#start/routes/admin'
